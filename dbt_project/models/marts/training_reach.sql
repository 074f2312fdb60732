-- Persons are counted anew at every organisation: one woman in two classes, or in two counties, is one person.
with yearly as (
    select
        org_key,
        programme_key,
        training_year,
        count(distinct class_key) as classes,
        count(distinct case when class_level = 'province' then class_key end) as provincial_classes,
        max(class_days) as longest_class_days,
        count(distinct trainee_key) as enrolled_persons,
        count(distinct case when is_attended then trainee_key end) as trained_persons,
        count(distinct case when is_attended and sex = 'female' then trainee_key end) as women_trained_persons,
        count(*) filter (where is_attended) as trained_person_times,
        count(distinct case when is_completed then trainee_key end) as completed_persons,
        count(*) filter (where is_completed) as completed_person_times,
        count(distinct case when is_attended then home_province end) as home_provinces,
        count(distinct case when is_attended and is_weak_identity then trainee_key end) as weak_identity_persons,
        count(*) filter (where is_attended and is_weak_identity) as weak_identity_person_times
    from {{ ref('int_trainees_rolled') }}
    group by org_key, programme_key, training_year
)

select
    to_date.org_key,
    to_date.org_name,
    to_date.org_level,
    to_date.programme_key,
    to_date.training_year,
    coalesce(yearly.classes, 0) as classes,
    coalesce(yearly.provincial_classes, 0) as provincial_classes,
    yearly.longest_class_days,
    coalesce(yearly.enrolled_persons, 0) as enrolled_persons,
    coalesce(yearly.trained_persons, 0) as trained_persons,
    coalesce(yearly.women_trained_persons, 0) as women_trained_persons,
    coalesce(yearly.trained_person_times, 0) as trained_person_times,
    coalesce(yearly.completed_persons, 0) as completed_persons,
    coalesce(yearly.completed_person_times, 0) as completed_person_times,
    coalesce(yearly.home_provinces, 0) as home_provinces,
    coalesce(yearly.weak_identity_persons, 0) as weak_identity_persons,
    coalesce(yearly.weak_identity_person_times, 0) as weak_identity_person_times,
    to_date.classes_to_date,
    to_date.trained_person_times_to_date,
    to_date.trained_persons_to_date,
    to_date.completed_persons_to_date,
    to_date.newly_employed_persons_to_date,
    to_date.proven_employed_persons_to_date,
    cast(to_date.proven_employed_persons_to_date as double) / nullif(to_date.newly_employed_persons_to_date, 0)
        as proven_employed_share
from {{ ref('int_trainings_to_date') }} as to_date
left join yearly
    on
        to_date.org_key = yearly.org_key
        and to_date.programme_key = yearly.programme_key
        and to_date.training_year = yearly.training_year
