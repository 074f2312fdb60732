with delivered as ({{ delivered('support_services') }})

select
    sender,
    delivery_id,
    sheet_no,
    row_no,
    kind,
    as_of_on,
    received_at,
    {{ record_key(['service_month', 'service_kind', 'source', 'level']) }} as record_key,
    {{ place_ref('null', 'null') }} as place_ref,
    service_month,
    service_kind,
    source,
    level,
    case_events,
    served_person_times,
    service_posts
from delivered
