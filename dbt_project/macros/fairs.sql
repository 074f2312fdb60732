{# What is known now of one dataset of job fairs, with the area within which a fair's number means one fair. #}
{% macro newest_at_fairs(dataset) %}
with newest as (
    {{ current_statements(dataset, [], ['sender', 'record_key']) }}
)

select
    newest.*,
    coalesce(areas.fair_area_org_key, newest.org_key, 'unassigned') as fair_area_org_key
from newest
left join {{ ref('int_job_areas') }} as areas
    on newest.org_key = areas.org_key
where newest.is_present
{% endmacro %}
