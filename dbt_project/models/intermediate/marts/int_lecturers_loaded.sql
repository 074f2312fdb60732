-- how many lectures of one category the busiest lecturer of an organisation gave
with loads as (
    select
        rolled.org_key,
        lectures.programme_key,
        lectures.lecture_year as demand_year,
        lectures.category,
        lectures.lecturer_key,
        count(distinct lectures.lecture_key) as lectures
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
    max(lectures) as busiest_lecturer_lectures
from loads
group by org_key, programme_key, demand_year, category
