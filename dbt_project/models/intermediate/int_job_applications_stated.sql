-- every state that was ever told, once per moment of change; whatever order they arrived in
with stated as (
    {{ current_statements('job_applications', [('applicant_ref', 'applicant_key', 'int_adult_identities')],
        ['sender', 'fair_id', 'applicant_key', 'post_id', 'updated_at'],
        ['as_of_on', 'received_at', 'delivery_id', 'sheet_no', 'row_no']) }}
)

select
    stated.*,
    coalesce(areas.fair_area_org_key, stated.org_key, 'unassigned') as fair_area_org_key,
    coalesce(stated.status_at, stated.updated_at) as reached_at,
    case stated.status
        when 'applied' then 1
        when 'screened' then 2
        when 'interviewed' then 3
        when 'intended' then 4
        when 'offered' then 5
        when 'signed' then 6
    end as step_no
from stated
left join {{ ref('int_job_areas') }} as areas
    on stated.org_key = areas.org_key
