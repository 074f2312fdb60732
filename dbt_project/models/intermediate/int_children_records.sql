{{ snapshot_records(
    'children',
    carried=['child_ref'],
    content=[
        'place_ref', 'child_birth_year', 'sex', 'categories', 'left_behind_kind', 'guardian_relation',
        'is_boarding', 'registered_on', 'closed_on', 'close_reason',
    ],
) }}
