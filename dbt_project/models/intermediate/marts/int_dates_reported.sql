-- From the first accepted register on: before it, who had already left the register is unknown.
with bounds as (
    select
        min(deliveries.as_of_on) as first_on,
        max(build.as_of_on) as last_on
    from {{ ref('fct_deliveries') }} as deliveries
    cross join {{ ref('int_build_dates') }} as build
    where deliveries.state = 'clean'
)

select
    dates.date_on as as_on,
    cast(date_trunc('month', dates.date_on) as date) as month_on,
    dates.is_month_end,
    dates.date_on = bounds.last_on as is_latest
from {{ ref('dim_dates') }} as dates
inner join bounds
    on dates.date_on >= bounds.first_on and dates.date_on <= bounds.last_on
where dates.is_month_end or dates.date_on = bounds.last_on
