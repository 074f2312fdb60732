-- one order that a lecture names; the orders of one lecture stand in one cell
select
    lecture_key,
    catalogue_scope,
    lectured_on,
    order_id,
    row_number() over (
        partition by catalogue_scope, order_id order by lectured_on nulls last, lecture_key nulls last
    ) as nth
from (
    select distinct
        lecture_key, catalogue_scope, lectured_on, {{ explode_text('order_ids', '、') }} as order_id
    from {{ ref('int_lectures_newest') }}
) as named
