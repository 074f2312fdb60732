select
    orders.order_key,
    orders.org_key,
    coalesce(orders.programme_key, 'unassigned') as programme_key,
    coalesce(courses.category, 'unknown') as category,
    orders.course_key,
    {{ shanghai_date('orders.ordered_at') }} as ordered_on,
    cast(year({{ shanghai_date('orders.ordered_at') }}) as integer) as demand_year,
    orders.delivered_on,
    orders.is_delivered
from {{ ref('fct_lecture_orders') }} as orders
left join {{ ref('dim_courses') }} as courses
    on orders.course_key = courses.course_key
