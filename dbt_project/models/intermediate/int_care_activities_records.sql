{{ increment_records('care_activities') }}
