{{ known_timeline(
    ref('int_volunteers_statements'),
    entity='volunteer_key',
    columns=[
        'volunteer_key', 'org_key', 'volunteer_level', 'volunteer_identity', 'background_check', 'is_present',
        'sender', 'delivery_id', 'sheet_no', 'row_no', 'as_of_on',
    ],
    order=['as_of_on', 'received_at', 'delivery_id', 'is_present', 'sheet_no', 'row_no'],
) }}
