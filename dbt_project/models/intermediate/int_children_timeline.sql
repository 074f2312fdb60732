{{ known_timeline(
    ref('int_children_statements'),
    entity='child_key',
    columns=[
        'child_key', 'org_key', 'county_org_key', 'programme_key', 'birth_year', 'sex', 'categories',
        'left_behind_kind', 'guardian_relation', 'is_boarding', 'registered_on', 'closed_on', 'close_reason',
        'is_present', 'sender', 'delivery_id', 'sheet_no', 'row_no', 'as_of_on',
    ],
    order=['as_of_on', 'received_at', 'delivery_id', 'is_present', 'sheet_no', 'row_no'],
) }}
