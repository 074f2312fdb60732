-- a lecture for two districts has both in one cell
select distinct
    sender,
    record_key,
    delivery_id,
    sheet_no,
    row_no,
    county,
    {{ place_ref('county', 'null') }} as place_ref
from (
    select sender, record_key, delivery_id, sheet_no, row_no, {{ explode_text('counties', '、') }} as county
    from {{ ref('stg_lectures') }}
) as named
