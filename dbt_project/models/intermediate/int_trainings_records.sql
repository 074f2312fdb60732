{{ snapshot_records(
    'trainings',
    carried=['trainee_ref', 'class_id'],
    content=[
        'place_ref', 'class_name', 'class_level', 'organiser', 'starts_on', 'ends_on', 'hours', 'home_province', 'sex',
        'attendance', 'is_completed', 'status_before', 'trainee_id_token', 'trainee_number_token',
    ],
    scope=['class_id'],
) }}
