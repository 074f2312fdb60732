with delivered as ({{ delivered('support_services') }})

select
    {{ stated(['service_month', 'service_kind', 'source', 'level']) }},
    service_month,
    service_kind,
    source,
    level,
    case_events,
    served_person_times,
    service_posts
from delivered
