{{ snapshot_records(
    'courses',
    carried=['catalogue_year', 'course_id'],
    content=[
        'place_ref', 'lecturer_ref', 'category', 'course_name', 'stage', 'audience', 'minutes', 'lecturer_id_token',
        'lecturer_number_token', 'lecturer_birth_year',
    ],
    scope=['catalogue_year'],
) }}
