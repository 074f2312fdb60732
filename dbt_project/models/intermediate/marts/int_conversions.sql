-- Six months after her first class it is decided whether a woman without work found any; before, nobody knows.
with found as (
    select
        started.trainee_key,
        count(*) as answers
    from {{ ref('int_trainees_started') }} as started
    inner join {{ ref('fct_employment_outcomes') }} as outcomes
        on started.trainee_key = outcomes.participant_key
    where
        outcomes.is_employed
        and outcomes.checkpoint_months <= 6
        and coalesce(outcomes.checked_on, outcomes.due_on) >= started.starts_on
    group by started.trainee_key
)

select
    started.org_key,
    started.programme_key,
    started.cohort_on,
    started.trainee_key,
    {{ months_after('started.ended_on', '6') }} <= build.as_of_on as is_matured,
    found.trainee_key is not null as is_employed
from {{ ref('int_trainees_started') }} as started
cross join {{ ref('int_build_dates') }} as build
left join found
    on started.trainee_key = found.trainee_key
where started.status_before = 'unemployed'
