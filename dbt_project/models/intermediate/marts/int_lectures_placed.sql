-- A lecture counts where it was held; the part whose place nobody could read stays with whoever reported it.
select
    lectures.lecture_key,
    coalesce(places.org_key, lectures.org_key) as org_key,
    places.org_key is not null as is_placed,
    coalesce(places.share, 1) as share,
    coalesce(lectures.programme_key, 'unassigned') as programme_key,
    coalesce(courses.category, 'unknown') as category,
    lectures.lecturer_key,
    lectures.lectured_on,
    cast(year(lectures.lectured_on) as integer) as lecture_year,
    lectures.onsite_persons,
    lectures.online_person_times,
    lectures.satisfied_ratings,
    lectures.ratings,
    lectures.is_delivered_without_order,
    lectures.is_delivered_twice
from {{ ref('fct_lectures') }} as lectures
left join {{ ref('bridge_lecture_organisations') }} as places
    on lectures.lecture_key = places.lecture_key
left join {{ ref('dim_courses') }} as courses
    on lectures.course_key = courses.course_key
