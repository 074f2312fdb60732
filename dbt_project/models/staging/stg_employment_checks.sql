with delivered as ({{ delivered('employment_checks') }})

select
    {{ stated(['cohort_id', 'checkpoint_months', 'participant_token']) }},
    {{ person('participant') }},
    cohort_id,
    cohort_kind,
    cohort_on,
    checkpoint_months,
    sex,
    has_contact,
    status,
    hired_on,
    is_related,
    income_low_yuan,
    income_high_yuan,
    evidence,
    checked_on
from delivered
