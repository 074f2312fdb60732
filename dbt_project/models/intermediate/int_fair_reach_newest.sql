with newest as (
    {{ current_statements('fair_reach', [], ['sender', 'record_key']) }}
)

select
    newest.*,
    coalesce(areas.fair_area_org_key, newest.org_key, 'unassigned') as fair_area_org_key
from newest
left join {{ ref('int_job_areas') }} as areas
    on newest.org_key = areas.org_key
where newest.is_present
