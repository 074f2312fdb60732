{{ known_timeline(
    ref('int_organisations_records'),
    entity='org_code',
    columns=[
        'org_code', 'org_name', 'place_name', 'level', 'parent_code', 'region_code', 'sender_id',
        'is_functional_area', 'opened_on', 'closed_on', 'is_present', 'sender', 'delivery_id', 'sheet_no', 'row_no',
        'as_of_on',
    ],
    order=['as_of_on', 'received_at', 'delivery_id', 'is_present', 'sheet_no', 'row_no'],
) }}
