with delivered as ({{ delivered('targets') }})

select
    {{ stated(['target_year', 'kpi', 'org_name'], county='org_name') }},
    target_year,
    kpi,
    org_name,
    target_value,
    starts_on,
    ends_on
from delivered
