select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    courses.catalogue_year as plan_year,
    count(distinct courses.course_key) as courses,
    count(distinct courses.category) as course_categories,
    count(distinct courses.lecturer_key) as lecturers
from {{ ref('dim_courses') }} as courses
inner join {{ ref('int_organisations_rolled') }} as rolled
    on courses.org_key = rolled.member_org_key
group by rolled.org_key, rolled.org_name, rolled.org_level, courses.catalogue_year
