select
    rolled.org_key,
    orders.programme_key,
    orders.demand_year,
    orders.category,
    count(*) as orders,
    count(*) filter (where orders.is_delivered) as delivered_orders,
    count(distinct orders.course_key) as ordered_courses
from {{ ref('int_orders_placed') }} as orders
inner join {{ ref('int_organisations_rolled') }} as rolled
    on orders.org_key = rolled.member_org_key
group by rolled.org_key, orders.programme_key, orders.demand_year, orders.category
