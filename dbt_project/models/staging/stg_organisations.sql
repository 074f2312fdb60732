with delivered as ({{ delivered('organisations') }})

select
    sender,
    delivery_id,
    sheet_no,
    row_no,
    kind,
    as_of_on,
    received_at,
    {{ record_key(['org_code']) }} as record_key,
    {{ place_ref('null', 'null') }} as place_ref,
    org_code,
    org_name,
    place_name,
    level,
    parent_code,
    region_code,
    sender_id,
    is_functional_area,
    opened_on,
    closed_on
from delivered
