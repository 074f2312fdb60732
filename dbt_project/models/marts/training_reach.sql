-- Persons are counted anew at every organisation: one woman in two classes, or in two counties, is one person.
with classes as (
    select
        class_key,
        org_key,
        coalesce(programme_key, 'unassigned') as programme_key,
        cast(year(starts_on) as integer) as training_year
    from {{ ref('fct_trainings') }}
)

select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    classes.programme_key,
    classes.training_year,
    count(distinct classes.class_key) as classes,
    count(distinct attendance.trainee_key) as enrolled_persons,
    count(distinct case when attendance.is_attended then attendance.trainee_key end) as trained_persons,
    count(*) filter (where attendance.is_attended) as trained_person_times,
    count(distinct case when attendance.is_completed then attendance.trainee_key end) as completed_persons,
    count(*) filter (where attendance.is_completed) as completed_person_times,
    count(distinct case when attendance.is_attended and attendance.is_weak_identity then attendance.trainee_key end)
        as weak_identity_persons,
    count(*) filter (where attendance.is_attended and attendance.is_weak_identity) as weak_identity_person_times
from classes
inner join {{ ref('int_organisations_rolled') }} as rolled
    on classes.org_key = rolled.member_org_key
left join {{ ref('fct_training_attendance') }} as attendance
    on classes.class_key = attendance.class_key
group by
    rolled.org_key, rolled.org_name, rolled.org_level,
    classes.programme_key, classes.training_year
