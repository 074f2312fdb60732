{{ known_timeline(
    ref('int_pairings_statements'),
    entity='pairing_key',
    columns=[
        'pairing_key', 'child_key', 'volunteer_key', 'org_key', 'programme_key', 'role', 'paired_on', 'ended_on',
        'end_reason', 'volunteer_level', 'volunteer_identity', 'pairing_mode', 'has_pledge', 'background_check',
        'is_present', 'sender', 'delivery_id', 'sheet_no', 'row_no', 'as_of_on',
    ],
    order=['as_of_on', 'received_at', 'delivery_id', 'is_present', 'sheet_no', 'row_no'],
    every_statement=true,
) }}
