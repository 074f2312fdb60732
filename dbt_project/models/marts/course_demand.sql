with told as (
    select org_key, programme_key, demand_year, category
    from {{ ref('int_courses_offered') }}
    union
    select org_key, programme_key, demand_year, category
    from {{ ref('int_orders_counted') }}
    union
    select org_key, programme_key, demand_year, category
    from {{ ref('int_lecturers_loaded') }}
),

organisations as (
    select distinct org_key, org_name, org_level
    from {{ ref('int_organisations_rolled') }}
),

repeated as (
    select
        rolled.org_key,
        again.programme_key,
        again.demand_year,
        again.category,
        count(*) as matured_districts,
        count(*) filter (where again.is_repeated) as repeating_districts
    from {{ ref('int_orders_repeated') }} as again
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on again.org_key = rolled.member_org_key
    group by rolled.org_key, again.programme_key, again.demand_year, again.category
)

select
    told.org_key,
    organisations.org_name,
    organisations.org_level,
    told.programme_key,
    told.demand_year,
    told.category,
    coalesce(offered.courses, 0) as courses,
    coalesce(orders.ordered_courses, 0) as ordered_courses,
    greatest(coalesce(offered.courses, 0) - coalesce(orders.ordered_courses, 0), 0) as unordered_courses,
    coalesce(orders.orders, 0) as orders,
    coalesce(orders.delivered_orders, 0) as delivered_orders,
    repeated.repeating_districts,
    repeated.matured_districts,
    cast(repeated.repeating_districts as double) / repeated.matured_districts as repeat_share,
    coalesce(loads.lecturers, 0) as lecturers,
    coalesce(loads.busiest_lecturer_lectures, 0) as busiest_lecturer_lectures,
    coalesce(loads.lectures, 0) as lectures,
    cast(loads.busiest_lecturer_lectures as double) / loads.lectures as busiest_lecturer_share,
    loads.load_gini as lecturer_load_gini
from told
inner join organisations
    on told.org_key = organisations.org_key
{% for counted, alias in [
    (ref('int_courses_offered'), 'offered'), (ref('int_orders_counted'), 'orders'), ('repeated', 'repeated'),
    (ref('int_lecturers_loaded'), 'loads'),
] %}
left join {{ counted }} as {{ alias }}
    on told.org_key = {{ alias }}.org_key
        and told.programme_key = {{ alias }}.programme_key
        and told.demand_year = {{ alias }}.demand_year
        and told.category = {{ alias }}.category
{% endfor %}
