{{ increment_records('lectures') }}
