select
    {{ row_key(['sender', 'fair_id', 'channel', 'counted', 'source_name']) }} as reach_key,
    fair_id,
    fair_area_org_key,
    fair_name,
    fair_on,
    org_key,
    programme_key,
    channel,
    source_name,
    coalesce(source_name like '%大学%' or source_name like '%学院%' or source_name like '%学校%', false) as is_school,
    counted,
    reach,
    sender,
    delivery_id,
    sheet_no,
    row_no
from {{ ref('int_fair_reach_newest') }}
