{{ snapshot_records(
    'targets',
    carried=['target_year', 'kpi', 'org_name'],
    content=[
        'place_ref', 'target_value', 'starts_on', 'ends_on',
    ],
    scope=['target_year'],
) }}
