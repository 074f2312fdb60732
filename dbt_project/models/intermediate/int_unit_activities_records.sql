{{ increment_records('unit_activities') }}
