-- a child who moved stands in two ledgers: what was done for her in the year was done, once
with ranked as (
    select
        *,
        row_number() over (
            partition by item_year, child_key, item_kind
            order by
                case item_status when 'done' then 1 when 'exempt' then 2 when 'not_done' then 3 else 4 end
                asc nulls last,
                as_of_on desc nulls last, received_at desc nulls last, delivery_id desc nulls last,
                sheet_no desc nulls last, row_no desc nulls last
        ) as nth
    from {{ ref('int_care_items_newest') }}
)

select
    {{ row_key(['item_year', 'child_key', 'item_kind']) }} as item_key,
    item_year,
    child_key,
    item_kind,
    item_status,
    done_on,
    coalesce(item_status = 'done', false) as is_done,
    coalesce(item_status = 'exempt', false) as is_exempt,
    org_key,
    county_org_key,
    programme_key,
    sender,
    delivery_id,
    sheet_no,
    row_no
from ranked
where nth = 1
