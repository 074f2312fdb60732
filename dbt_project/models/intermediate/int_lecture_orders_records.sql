{{ increment_records('lecture_orders') }}
