{{ snapshot_records(
    'employment_checks',
    carried=['cohort_id', 'checkpoint_months', 'participant_ref'],
    content=[
        'place_ref', 'cohort_kind', 'cohort_on', 'sex', 'has_contact', 'status', 'hired_on', 'is_related',
        'income_low_yuan', 'income_high_yuan', 'evidence', 'checked_on', 'participant_id_token',
        'participant_number_token', 'participant_birth_year',
    ],
    scope=['cohort_id', 'checkpoint_months'],
) }}
