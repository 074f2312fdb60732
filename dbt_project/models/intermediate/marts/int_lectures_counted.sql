-- A lecture for two districts is one lecture to their city.
with held as (
    select distinct
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        lectures.lecture_year as plan_year,
        lectures.lecture_key,
        lectures.lectured_on,
        lectures.onsite_persons,
        lectures.is_delivered_without_order,
        lectures.is_delivered_twice
    from {{ ref('int_lectures_placed') }} as lectures
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on lectures.org_key = rolled.member_org_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by org_key, plan_year order by lectured_on nulls last, lecture_key nulls last
        ) as nth
    from held
)

select
    org_key,
    org_name,
    org_level,
    plan_year,
    count(*) as delivered_lectures,
    count(*) filter (where is_delivered_without_order) as unordered_lectures,
    count(*) filter (where is_delivered_twice) as delivered_twice_lectures,
    min(lectured_on) as first_lecture_on,
    max(case when nth = 1 then onsite_persons end) as first_lecture_onsite_persons
from ranked
group by org_key, org_name, org_level, plan_year
