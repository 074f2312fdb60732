-- what a later state no longer tells, an earlier one had told: each milestone is the first time that it was reached
select
    sender,
    order_id,
    min(case when status = 'scheduled' then updated_at end) as scheduled_at,
    min(case when status = 'delivered' then updated_at end) as delivered_at,
    min(case when status = 'cancelled' then updated_at end) as cancelled_at,
    count(distinct case when status = 'rescheduled' then updated_at end) as reschedulings
from {{ ref('int_lecture_orders_records') }}
where known_to = timestamp '9999-12-31 00:00:00'
group by sender, order_id
