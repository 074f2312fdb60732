with newest as (
    {{ current_statements('support_services', [], ['sender', 'record_key']) }}
)

select
    {{ row_key(['sender', 'record_key']) }} as service_key,
    org_key,
    service_month,
    service_kind,
    source,
    level,
    case_events,
    served_person_times,
    service_posts,
    sender,
    delivery_id,
    sheet_no,
    row_no
from newest
where is_present
