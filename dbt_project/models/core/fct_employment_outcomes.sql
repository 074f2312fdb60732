with newest as (
    {{ current_statements('employment_checks', [('participant_ref', 'participant_key', 'int_adult_identities')],
        ['sender', 'cohort_id', 'checkpoint_months', 'participant_key']) }}
),

dated as (
    select
        *,
        {{ months_after('cohort_on', 'checkpoint_months') }} as due_on,
        {{ days_between(months_after('cohort_on', 'checkpoint_months'), 'checked_on') }} as days_late
    from newest
    where is_present
)

-- a call without a day is within no window
select
    {{ row_key(['d.sender', 'd.cohort_id', 'd.checkpoint_months', 'd.participant_key']) }} as outcome_key,
    d.participant_key,
    d.org_key,
    d.programme_key,
    d.cohort_id,
    d.cohort_kind,
    d.cohort_on,
    d.checkpoint_months,
    d.due_on,
    d.checked_on,
    d.days_late,
    coalesce(d.days_late >= w.from_days and d.days_late <= w.to_days, false) as is_on_window,
    d.status <> 'lost' and coalesce(d.has_contact, true) as has_contact,
    d.status,
    d.status in ('employed', 'flexible', 'self_employed') as is_employed,
    d.evidence,
    coalesce(d.evidence <> 'own_word', false) as is_proven,
    d.sex,
    d.participant_birth_year as birth_year,
    d.hired_on,
    d.is_related,
    d.income_low_yuan,
    d.income_high_yuan,
    d.sender,
    d.delivery_id,
    d.sheet_no,
    d.row_no
from dated as d
left join {{ ref('employment_windows') }} as w
    on d.checkpoint_months = w.checkpoint_months and w.valid_from <= d.due_on and d.due_on < w.valid_to
