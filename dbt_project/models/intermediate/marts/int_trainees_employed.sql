-- A woman follows her token: whichever programme asked her after the class, her answer counts.
select
    trainees.org_key,
    trainees.programme_key,
    trainees.trainee_key,
    min(coalesce(outcomes.checked_on, outcomes.due_on)) as first_employed_on,
    min(case when outcomes.is_proven then coalesce(outcomes.checked_on, outcomes.due_on) end) as first_proven_on
from {{ ref('int_trainees_rolled') }} as trainees
inner join {{ ref('fct_employment_outcomes') }} as outcomes
    on
        trainees.trainee_key = outcomes.participant_key
        and coalesce(outcomes.checked_on, outcomes.due_on) >= trainees.starts_on
where
    outcomes.is_employed
    and trainees.is_attended
    and trainees.status_before = 'unemployed'
    and coalesce(trainees.sex, 'female') = 'female'
    and coalesce(outcomes.sex, 'female') = 'female'
group by trainees.org_key, trainees.programme_key, trainees.trainee_key
