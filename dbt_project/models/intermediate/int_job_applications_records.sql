{{ increment_records('job_applications') }}
