-- An order that was delivered had been scheduled, whether or not that state was ever sent.
select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    cast(year({{ shanghai_date('orders.ordered_at') }}) as integer) as plan_year,
    count(*) as ordered_lectures,
    count(*) filter (where orders.is_delivered or orders.scheduled_on is not null or orders.scheduled_at is not null)
        as scheduled_lectures,
    count(*) filter (where orders.is_delivered) as delivered_orders,
    count(*) filter (where orders.is_cancelled) as cancelled_orders,
    {{ quantile(days_between(shanghai_date('orders.ordered_at'), 'orders.delivered_on'), 0.5) }} as median_lead_days
from {{ ref('fct_lecture_orders') }} as orders
inner join {{ ref('int_organisations_rolled') }} as rolled
    on orders.org_key = rolled.member_org_key
group by rolled.org_key, rolled.org_name, rolled.org_level, year({{ shanghai_date('orders.ordered_at') }})
