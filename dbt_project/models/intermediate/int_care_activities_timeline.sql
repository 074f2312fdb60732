{{ known_timeline(
    ref('int_care_activities_statements'),
    entity='activity_key',
    columns=[
        'activity_key', 'activity_id', 'org_key', 'programme_key', 'volunteer_key', 'activity_kind', 'happened_on',
        'entered_at', 'mode', 'has_contact', 'minutes', 'child_number_tokens', 'children_count', 'guardians_count',
        'has_issue', 'referral_id', 'status', 'is_present', 'sender', 'delivery_id', 'sheet_no', 'row_no', 'as_of_on',
    ],
    order=['updated_at', 'received_at', 'delivery_id', 'sheet_no', 'row_no'],
    every_statement=true,
) }}
