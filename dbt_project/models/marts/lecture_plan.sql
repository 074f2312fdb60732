with targets as (
    select
        org_key,
        cast(target_year as integer) as plan_year,
        max(case when kpi = 'lectures_held' then target_value end) as target_lectures,
        max(case when kpi = 'districts_covered' then target_value end) as target_districts
    from {{ ref('fct_targets') }}
    where kpi in ('lectures_held', 'districts_covered')
    group by org_key, target_year
)

select
    plans.org_key,
    plans.org_name,
    plans.org_level,
    plans.plan_year,
    cast(targets.target_lectures as bigint) as target_lectures,
    cast(coalesce(targets.target_districts, plans.open_districts) as bigint) as planned_districts,
    coalesce(catalogues.lecturers, 0) as lecturers,
    coalesce(catalogues.courses, 0) as courses,
    coalesce(catalogues.course_categories, 0) as course_categories,
    coalesce(orders.ordered_lectures, 0) as ordered_lectures,
    coalesce(orders.scheduled_lectures, 0) as scheduled_lectures,
    coalesce(orders.delivered_orders, 0) as delivered_orders,
    cast(orders.delivered_orders as double) / nullif(orders.ordered_lectures, 0) as delivered_share,
    coalesce(orders.cancelled_orders, 0) as cancelled_orders,
    cast(orders.cancelled_orders as double) / nullif(orders.ordered_lectures, 0) as cancelled_share,
    orders.median_lead_days,
    coalesce(held.delivered_lectures, 0) as delivered_lectures,
    cast(coalesce(held.delivered_lectures, 0) as double) / nullif(cast(targets.target_lectures as double), 0)
        as target_share,
    coalesce(held.unordered_lectures, 0) as unordered_lectures,
    coalesce(held.delivered_twice_lectures, 0) as delivered_twice_lectures,
    held.first_lecture_on,
    held.first_lecture_onsite_persons
from {{ ref('int_lecture_plans_dated') }} as plans
left join targets
    on plans.org_key = targets.org_key and plans.plan_year = targets.plan_year
left join {{ ref('int_catalogues_counted') }} as catalogues
    on plans.org_key = catalogues.org_key and plans.plan_year = catalogues.plan_year
left join {{ ref('int_lecture_orders_counted') }} as orders
    on plans.org_key = orders.org_key and plans.plan_year = orders.plan_year
left join {{ ref('int_lectures_counted') }} as held
    on plans.org_key = held.org_key and plans.plan_year = held.plan_year
