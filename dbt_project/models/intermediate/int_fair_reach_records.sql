{{ snapshot_records(
    'fair_reach',
    carried=['fair_id', 'channel', 'counted', 'source_name'],
    content=[
        'place_ref', 'fair_name', 'fair_on', 'reach',
    ],
    scope=['fair_id'],
) }}
