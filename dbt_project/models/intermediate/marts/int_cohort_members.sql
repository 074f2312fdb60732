-- Who was never called belongs to the cohort, too: of a class, whoever completed it and is not known to have had work
-- before, because nobody calls those who had, and to count them as without work would be false.
with cohorts as (
    select
        sender,
        cohort_id,
        max(org_key) as org_key,
        max(programme_key) as programme_key,
        max(cohort_kind) as cohort_kind,
        max(cohort_on) as cohort_on
    from {{ ref('fct_employment_outcomes') }}
    group by sender, cohort_id
),

members as (
    select
        sender,
        cohort_id,
        participant_key as person_key
    from {{ ref('fct_employment_outcomes') }}
    union
    select
        classes.sender,
        classes.class_id as cohort_id,
        attendance.trainee_key as person_key
    from {{ ref('fct_trainings') }} as classes
    inner join {{ ref('fct_training_attendance') }} as attendance
        on classes.class_key = attendance.class_key
    inner join cohorts
        on classes.sender = cohorts.sender and classes.class_id = cohorts.cohort_id
    where
        attendance.is_completed
        and coalesce(attendance.status_before, 'unemployed') = 'unemployed'
        and coalesce(cohorts.cohort_kind, 'training') = 'training'
)

select
    members.person_key,
    cohorts.sender,
    cohorts.cohort_id,
    cohorts.org_key,
    coalesce(cohorts.programme_key, 'unassigned') as programme_key,
    coalesce(cohorts.cohort_kind, 'unstated') as cohort_kind,
    cohorts.cohort_on
from members
inner join cohorts
    on members.sender = cohorts.sender and members.cohort_id = cohorts.cohort_id
