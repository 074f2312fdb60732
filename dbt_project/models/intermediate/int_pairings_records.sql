{{ snapshot_records(
    'pairings',
    carried=['child_ref', 'volunteer_ref', 'paired_on'],
    content=[
        'place_ref', 'role', 'volunteer_level', 'volunteer_identity', 'pairing_mode', 'ended_on', 'end_reason',
        'has_pledge', 'background_check',
    ],
) }}
