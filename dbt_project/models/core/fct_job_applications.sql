with offered as (
    select
        fair_area_org_key,
        fair_id,
        post_id,
        min(post_key) as post_key
    from {{ ref('fct_job_posts') }}
    group by fair_area_org_key, fair_id, post_id
    having count(distinct post_key) = 1
)

select
    {{ row_key(['applications.sender', 'applications.fair_id', 'applications.applicant_key', 'applications.post_id']) }}
        as application_key,
    applications.applicant_key,
    applications.fair_id,
    applications.fair_area_org_key,
    applications.post_id,
    offered.post_key,
    offered.post_key is null as is_unknown_post,
    applications.org_key,
    applications.programme_key,
    applications.sex,
    applications.graduation_year,
    applications.channel,
    applications.applied_at,
    applications.screened_at,
    applications.interviewed_at,
    applications.intended_at,
    applications.offered_at,
    applications.signed_at,
    applications.rejected_at,
    applications.withdrawn_at,
    applications.status,
    applications.steps_reached,
    applications.has_moved_backwards,
    applications.sender,
    applications.delivery_id,
    applications.sheet_no,
    applications.row_no
from {{ ref('int_job_applications_followed') }} as applications
left join offered
    on applications.fair_area_org_key = offered.fair_area_org_key and applications.fair_id = offered.fair_id
    and applications.post_id = offered.post_id
