{{ increment_records('livestreams') }}
