-- How evenly the lectures of one category are spread over those who gave any. Gini of n loads in ascending order:
-- 2 x sum(rank x load) / (n x sum(load)) - (n + 1) / n; ties may stand in any order, their sum is the same.
with loads as (
    select
        rolled.org_key,
        lectures.programme_key,
        lectures.lecture_year as demand_year,
        lectures.category,
        lectures.lecturer_key,
        count(distinct lectures.lecture_key) as lectures,
        row_number() over (
            partition by rolled.org_key, lectures.programme_key, lectures.lecture_year, lectures.category
            order by count(distinct lectures.lecture_key) nulls last, lectures.lecturer_key nulls last
        ) as load_rank
    from {{ ref('int_lectures_placed') }} as lectures
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on lectures.org_key = rolled.member_org_key
    where lectures.lecturer_key is not null
    group by rolled.org_key, lectures.programme_key, lectures.lecture_year, lectures.category, lectures.lecturer_key
)

select
    org_key,
    programme_key,
    demand_year,
    category,
    count(*) as lecturers,
    cast(sum(lectures) as bigint) as lectures,
    max(lectures) as busiest_lecturer_lectures,
    2 * cast(sum(load_rank * lectures) as double) / (count(*) * sum(lectures)) - cast(count(*) + 1 as double) / count(*)
        as load_gini
from loads
group by org_key, programme_key, demand_year, category
