{{ snapshot_records(
    'streamers',
    carried=['streamer_ref', 'platform'],
    content=[
        'place_ref', 'firm_id', 'firm_name', 'is_sole_trader', 'sex', 'followers', 'unit_name', 'level',
        'recognised_on', 'status', 'employment_form', 'streamer_id_token', 'streamer_number_token',
        'streamer_birth_year',
    ],
) }}
