{{ newest_at_fairs('job_posts') }}
