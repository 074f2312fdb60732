-- Bands by what a volunteer kept in the month after reversals and the monthly cap.
with volunteers as (
    select
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        cast(date_trunc('month', points.earned_on) as date) as month_on,
        points.volunteer_key,
        sum(case when points.points > 0 then points.points else 0 end) as earned,
        sum(case when points.points < 0 then -points.points else 0 end) as reversed,
        sum(points.counted_points) as counted
    from {{ ref('fct_points') }} as points
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on points.org_key = rolled.member_org_key
    group by
        rolled.org_key, rolled.org_name, rolled.org_level,
        date_trunc('month', points.earned_on), points.volunteer_key
)

select
    org_key,
    org_name,
    org_level,
    month_on,
    cast(sum(earned) as bigint) as earned_points,
    cast(sum(reversed) as bigint) as reversed_points,
    cast(sum(counted) as bigint) as counted_points,
    count(*) filter (where counted > 0) as volunteers_with_points,
    count(*) filter (where counted between 1 and 10) as volunteers_1_10,
    count(*) filter (where counted between 11 and 30) as volunteers_11_30,
    count(*) filter (where counted between 31 and 60) as volunteers_31_60,
    count(*) filter (where counted > 60) as volunteers_over_60
from volunteers
group by org_key, org_name, org_level, month_on
