-- One woman of two classes of a month is one woman: whatever one of the calls found, was found.
with checkpoints as (
    select checkpoint_months
    from {{ ref('employment_windows') }}
    union
    select checkpoint_months
    from {{ ref('fct_employment_outcomes') }}
)

select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    members.programme_key,
    members.cohort_kind,
    cast(date_trunc('month', members.cohort_on) as date) as cohort_month_on,
    checkpoints.checkpoint_months,
    members.person_key,
    max({{ months_after('members.cohort_on', 'checkpoints.checkpoint_months') }}) as due_on,
    count(outcomes.outcome_key) > 0 as is_listed,
    coalesce(bool_or(outcomes.has_contact), false) as is_reached,
    coalesce(bool_or(outcomes.has_contact and outcomes.is_on_window), false) as is_contacted,
    coalesce(bool_or(outcomes.is_on_window and outcomes.is_employed), false) as is_employed,
    coalesce(bool_or(outcomes.is_on_window and outcomes.is_employed and outcomes.is_proven), false) as is_proven,
    coalesce(bool_or(outcomes.is_on_window and outcomes.status = 'self_employed'), false) as is_self_employed,
    coalesce(bool_or(outcomes.is_on_window and outcomes.status = 'studying'), false) as is_studying
from {{ ref('int_cohort_members') }} as members
cross join checkpoints
inner join {{ ref('int_organisations_rolled') }} as rolled
    on members.org_key = rolled.member_org_key
left join {{ ref('fct_employment_outcomes') }} as outcomes
    on
        members.sender = outcomes.sender
        and members.cohort_id = outcomes.cohort_id
        and members.person_key = outcomes.participant_key
        and checkpoints.checkpoint_months = outcomes.checkpoint_months
group by
    rolled.org_key, rolled.org_name, rolled.org_level, members.programme_key, members.cohort_kind,
    date_trunc('month', members.cohort_on), checkpoints.checkpoint_months, members.person_key
