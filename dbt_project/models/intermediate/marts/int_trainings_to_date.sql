-- A year without a class still has what was reached by its end.
with years as (
    select dates.year as training_year
    from {{ ref('dim_dates') }} as dates
    cross join {{ ref('int_build_dates') }} as build
    where dates.date_on <= build.as_of_on
    union
    select training_year
    from {{ ref('int_trainees_rolled') }}
),

started as (
    select
        org_key,
        org_name,
        org_level,
        programme_key,
        min(training_year) as first_year
    from {{ ref('int_trainees_rolled') }}
    group by org_key, org_name, org_level, programme_key
),

reached as (
    select
        started.org_key,
        started.org_name,
        started.org_level,
        started.programme_key,
        years.training_year,
        count(distinct trainees.class_key) as classes_to_date,
        count(*) filter (where trainees.is_attended) as trained_person_times_to_date,
        count(distinct case when trainees.is_attended then trainees.trainee_key end) as trained_persons_to_date,
        count(distinct case when trainees.is_completed then trainees.trainee_key end) as completed_persons_to_date
    from started
    inner join years
        on started.first_year <= years.training_year
    inner join {{ ref('int_trainees_rolled') }} as trainees
        on
            started.org_key = trainees.org_key
            and started.programme_key = trainees.programme_key
            and trainees.training_year <= years.training_year
    group by started.org_key, started.org_name, started.org_level, started.programme_key, years.training_year
),

employed as (
    select
        reached.org_key,
        reached.programme_key,
        reached.training_year,
        count(*) as newly_employed_persons,
        count(*) filter (where year(women.first_proven_on) <= reached.training_year) as proven_persons
    from reached
    inner join {{ ref('int_trainees_employed') }} as women
        on
            reached.org_key = women.org_key
            and reached.programme_key = women.programme_key
            and year(women.first_employed_on) <= reached.training_year
    group by reached.org_key, reached.programme_key, reached.training_year
)

select
    reached.*,
    coalesce(employed.newly_employed_persons, 0) as newly_employed_persons_to_date,
    coalesce(employed.proven_persons, 0) as proven_employed_persons_to_date
from reached
left join employed
    on
        reached.org_key = employed.org_key
        and reached.programme_key = employed.programme_key
        and reached.training_year = employed.training_year
