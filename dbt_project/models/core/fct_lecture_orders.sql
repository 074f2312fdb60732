with newest as (
    {{ current_statements('lecture_orders', [], ['sender', 'record_key'],
        ['updated_at', 'received_at', 'delivery_id', 'sheet_no', 'row_no']) }}
),

orders as (
    select
        *,
        coalesce(programme_key, sender) as catalogue_scope,
        {{ shanghai_date('ordered_at') }} as ordered_on
    from newest
),

held as (
    select catalogue_scope, order_id, min(lectured_on) as delivered_on, count(*) as lectures
    from {{ ref('int_lectures_of_orders') }}
    group by catalogue_scope, order_id
)

select
    {{ row_key(['o.sender', 'o.order_id']) }} as order_key,
    o.order_id,
    o.org_key,
    o.programme_key,
    o.catalogue_scope,
    c.course_key,
    o.course_id,
    o.ordered_at,
    o.wanted_on,
    o.venue_kind,
    o.audience_kind,
    o.status,
    o.scheduled_on,
    f.scheduled_at,
    f.delivered_at,
    h.delivered_on,
    f.cancelled_at,
    f.reschedulings,
    o.status = 'delivered' or h.order_id is not null as is_delivered,
    o.status = 'cancelled' and h.order_id is null as is_cancelled,
    coalesce(h.lectures, 0) as lectures,
    o.sender,
    o.delivery_id,
    o.sheet_no,
    o.row_no
from orders as o
inner join {{ ref('int_lecture_orders_followed') }} as f on o.sender = f.sender and o.order_id = f.order_id
left join held as h on o.catalogue_scope = h.catalogue_scope and o.order_id = h.order_id
left join {{ ref('dim_courses') }} as c
    on o.catalogue_scope = c.catalogue_scope and o.course_id = c.course_id
    and c.valid_from <= o.ordered_on and o.ordered_on < c.valid_to
