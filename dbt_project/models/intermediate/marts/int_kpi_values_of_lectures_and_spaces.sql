-- Reached from the first of January to the month: a lecture or a district counts in the month of its first time. Who is
-- in the plan of a year and has heard no lecture yet has reached nothing, and is ranked with it.
with held as (
    select
        rolled.org_key,
        lectures.lecture_key as thing_key,
        'lectures_held' as kpi,
        min(lectures.lectured_on) as reached_on
    from {{ ref('int_lectures_placed') }} as lectures
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on lectures.org_key = rolled.member_org_key
    group by rolled.org_key, lectures.lecture_key, lectures.lecture_year
    union all
    select
        rolled.org_key,
        lectures.org_key as thing_key,
        'districts_covered' as kpi,
        min(lectures.lectured_on) as reached_on
    from {{ ref('int_lectures_placed') }} as lectures
    inner join {{ ref('int_lecture_districts') }} as districts
        on lectures.org_key = districts.org_key and lectures.lecture_year = districts.plan_year
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on lectures.org_key = rolled.member_org_key
    where lectures.is_placed
    group by rolled.org_key, lectures.org_key, lectures.lecture_year
),

counted as (
    select org_key, kpi, cast(date_trunc('month', reached_on) as date) as month_on, count(*) as amount
    from held
    group by org_key, kpi, date_trunc('month', reached_on)
    union all
    select distinct
        rolled.org_key, figures.kpi, make_date(districts.plan_year, 1, 1) as month_on, 0 as amount
    from {{ ref('int_lecture_districts') }} as districts
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on districts.org_key = rolled.member_org_key
    cross join (
        select 'lectures_held' as kpi
        union all
        select 'districts_covered' as kpi
    ) as figures
    union all
    select org_key, 'space_trainings' as kpi, month_on, training_events as amount
    from {{ ref('space_activity') }}
    union all
    select org_key, 'empowered_women' as kpi, month_on, new_women_persons as amount
    from {{ ref('space_activity') }}
)

select
    counted.org_key,
    months.month_on,
    counted.kpi,
    cast(sum(counted.amount) as double) as numerator,
    cast(null as double) as denominator,
    cast(sum(counted.amount) as double) as value
from counted
inner join {{ ref('int_months_reported') }} as months
    on year(counted.month_on) = year(months.month_on) and counted.month_on <= months.month_on
group by counted.org_key, months.month_on, counted.kpi
