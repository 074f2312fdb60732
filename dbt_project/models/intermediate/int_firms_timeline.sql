{{ known_timeline(
    ref('int_firms_statements'),
    entity='firm_key',
    columns=[
        'firm_key', 'firm_name', 'is_sole_trader', 'is_female_led', 'is_women_brand', 'has_women_federation',
        'org_key', 'is_present', 'sender', 'delivery_id', 'sheet_no', 'row_no', 'as_of_on',
    ],
    order=['as_of_on', 'updated_at', 'received_at', 'delivery_id', 'sheet_no', 'row_no'],
) }}
