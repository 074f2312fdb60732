with delivered as ({{ delivered('organisations') }})

select
    {{ stated(['org_code']) }},
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
