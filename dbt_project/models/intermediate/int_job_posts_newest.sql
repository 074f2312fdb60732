with newest as (
    {{ current_statements('job_posts', [], ['sender', 'record_key']) }}
)

select
    newest.*,
    coalesce(areas.fair_area_org_key, newest.org_key, 'unassigned') as fair_area_org_key
from newest
left join {{ ref('int_job_areas') }} as areas
    on newest.org_key = areas.org_key
where newest.is_present
