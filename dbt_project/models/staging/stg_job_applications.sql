with delivered as ({{ delivered('job_applications') }})

select
    {{ stated(['fair_id', 'applicant_token', 'post_id']) }},
    {{ person('applicant') }},
    fair_id,
    post_id,
    sex,
    graduation_year,
    channel,
    {{ utc('applied_at') }} as applied_at,
    status,
    {{ utc('status_at') }} as status_at,
    {{ utc('updated_at') }} as updated_at
from delivered
