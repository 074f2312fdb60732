-- What a lecture for two districts gathered is divided between them, so that a city is the sum of its districts.
with districts as (
    select
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        districts.plan_year as lecture_year,
        count(distinct districts.org_key) as planned_districts
    from {{ ref('int_lecture_districts') }} as districts
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on districts.org_key = rolled.member_org_key
    group by rolled.org_key, rolled.org_name, rolled.org_level, districts.plan_year
),

held as (
    select
        rolled.org_key,
        lectures.lecture_year,
        count(distinct covered.org_key) as covered_districts,
        count(distinct lectures.lecture_key) as lectures,
        sum(lectures.share) as weighted_lectures,
        sum(case when not lectures.is_placed then lectures.share else 0 end) as unplaced_lectures,
        sum(lectures.share * lectures.onsite_persons) as onsite_persons,
        sum(lectures.share * lectures.online_person_times) as online_person_times,
        sum(lectures.share * lectures.satisfied_ratings) as satisfied_ratings,
        sum(lectures.share * lectures.ratings) as ratings
    from {{ ref('int_lectures_placed') }} as lectures
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on lectures.org_key = rolled.member_org_key
    left join {{ ref('int_lecture_districts') }} as covered
        on lectures.org_key = covered.org_key and lectures.lecture_year = covered.plan_year and lectures.is_placed
    group by rolled.org_key, lectures.lecture_year
)

select
    districts.org_key,
    districts.org_name,
    districts.org_level,
    districts.lecture_year,
    coalesce(held.covered_districts, 0) as covered_districts,
    districts.planned_districts,
    cast(coalesce(held.covered_districts, 0) as double) / districts.planned_districts as covered_share,
    coalesce(held.lectures, 0) as lectures,
    coalesce(held.weighted_lectures, 0) as weighted_lectures,
    coalesce(held.unplaced_lectures, 0) as unplaced_lectures,
    coalesce(held.onsite_persons, 0) as onsite_persons,
    coalesce(held.online_person_times, 0) as online_person_times,
    coalesce(held.satisfied_ratings, 0) as satisfied_ratings,
    coalesce(held.ratings, 0) as ratings,
    held.satisfied_ratings / nullif(held.ratings, 0) as satisfied_share,
    held.ratings / nullif(held.onsite_persons, 0) as response_share
from districts
left join held
    on districts.org_key = held.org_key and districts.lecture_year = held.lecture_year
