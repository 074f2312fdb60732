{{ snapshot_records(
    'organisations',
    carried=['org_code'],
    content=[
        'org_name', 'place_name', 'level', 'parent_code', 'region_code', 'sender_id', 'is_functional_area',
        'opened_on', 'closed_on',
    ],
) }}
