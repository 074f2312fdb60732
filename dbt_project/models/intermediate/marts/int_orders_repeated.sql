{% set again_within_days = 365 -%}
-- P6-03: a district that heard a category and ordered from it again within a year; not judged before that year is over.
with heard as (
    select
        org_key,
        programme_key,
        category,
        cast(year(delivered_on) as integer) as demand_year,
        min(delivered_on) as first_delivered_on
    from {{ ref('int_orders_placed') }}
    where delivered_on is not null
    group by org_key, programme_key, category, year(delivered_on)
)

select
    heard.org_key,
    heard.programme_key,
    heard.category,
    heard.demand_year,
    count(again.order_key) > 0 as is_repeated
from heard
cross join {{ ref('int_build_dates') }} as build
left join {{ ref('int_orders_placed') }} as again
    on heard.org_key = again.org_key
        and heard.programme_key = again.programme_key
        and heard.category = again.category
        and heard.first_delivered_on < again.ordered_on
        and {{ days_between('heard.first_delivered_on', 'again.ordered_on') }} <= {{ again_within_days }}
where {{ days_between('heard.first_delivered_on', 'build.as_of_on') }} >= {{ again_within_days }}
group by heard.org_key, heard.programme_key, heard.category, heard.demand_year
