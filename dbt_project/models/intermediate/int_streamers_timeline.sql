{{ known_timeline(
    ref('int_streamers_statements'),
    entity='registration_key',
    columns=[
        'registration_key', 'streamer_key', 'platform', 'sex', 'streamer_birth_year', 'firm_id', 'unit_name', 'level',
        'recognised_on', 'status', 'employment_form', 'followers', 'org_key', 'is_present', 'sender', 'delivery_id',
        'sheet_no', 'row_no', 'as_of_on',
    ],
    order=['as_of_on', 'received_at', 'delivery_id', 'is_present', 'sheet_no', 'row_no'],
) }}
