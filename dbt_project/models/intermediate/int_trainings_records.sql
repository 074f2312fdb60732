{{ snapshot_records(
    'trainings',
    carried=['trainee_ref', 'class_id'],
    content=[
        'place_ref', 'class_name', 'organiser', 'starts_on', 'ends_on', 'hours', 'sex', 'attendance', 'is_completed',
        'status_before', 'trainee_id_token', 'trainee_number_token',
    ],
    scope=['class_id'],
) }}
