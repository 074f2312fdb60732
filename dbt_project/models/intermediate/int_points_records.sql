{{ increment_records('points') }}
