{{ known_timeline(
    ref('int_org_units_statements'),
    entity='unit_key',
    columns=[
        'unit_key', 'unit_name', 'unit_kind', 'unit_number', 'home_kind', 'bond', 'leader_key', 'leader_identity',
        'org_key', 'county_org_key', 'programme_key', 'village', 'hamlet', 'site', 'founded_on', 'members',
        'covered_women', 'resident_women', 'status', 'is_present', 'sender', 'delivery_id', 'sheet_no', 'row_no',
        'as_of_on',
    ],
    order=['as_of_on', 'received_at', 'delivery_id', 'is_present', 'sheet_no', 'row_no'],
) }}
