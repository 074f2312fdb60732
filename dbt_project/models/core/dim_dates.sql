-- the year 2000 as floor: one mistyped century must not write a million days; a delivery of January speaks of December
with firsts as (
    select {{ months_after('min(first_as_of_on)', '-2') }} as first_on from {{ ref('int_deliveries_begun') }}
    union all
    select min(registered_on) as first_on from {{ ref('stg_children') }} where registered_on >= date '2000-01-01'
    union all
    select min(paired_on) as first_on from {{ ref('stg_pairings') }} where paired_on >= date '2000-01-01'
    union all
    select min(happened_on) as first_on from {{ ref('stg_care_activities') }} where happened_on >= date '2000-01-01'
),

bounds as (
    select
        make_date(extract(year from (select min(first_on) from firsts)), 1, 1) as first_on,
        make_date(extract(year from as_of_on), 12, 31) as last_on
    from {{ ref('int_build_dates') }}
    where as_of_on is not null
),

days as (
    select {{ day_series('first_on', 'last_on') }} as date_on
    from bounds
)

select
    date_on,
    cast(date_trunc('month', date_on) as date) as month_on,
    cast(date_trunc('quarter', date_on) as date) as quarter_on,
    cast(extract(year from date_on) as integer) as year,
    cast(extract(month from date_on) as integer) as month,
    {{ iso_week('date_on') }} as iso_week,
    date_on = last_day(date_on) as is_month_end
from days
