with delivered as ({{ delivered('unit_activities') }})

select
    {{ stated(['activity_id'], township='township') }},
    activity_id,
    unit_name,
    unit_kind,
    township,
    happened_on,
    theme,
    service_kind,
    person_times
from delivered
