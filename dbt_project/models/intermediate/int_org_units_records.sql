{{ snapshot_records(
    'org_units',
    carried=['unit_kind', 'township', 'village', 'unit_name'],
    content=[
        'place_ref', 'leader_ref', 'unit_number', 'home_kind', 'bond', 'leader_identity', 'hamlet', 'site',
        'founded_on', 'members', 'covered_women', 'resident_women', 'status', 'leader_id_token',
        'leader_number_token', 'leader_birth_year',
    ],
) }}
