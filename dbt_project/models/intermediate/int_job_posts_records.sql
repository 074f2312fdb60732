{{ snapshot_records(
    'job_posts',
    carried=['fair_id', 'post_id'],
    content=[
        'place_ref', 'firm_id', 'firm_name', 'is_sole_trader', 'fair_name', 'fair_on', 'industry', 'post_name',
        'occupation', 'openings', 'education', 'pay_low_yuan', 'pay_high_yuan', 'work_place', 'channels',
    ],
    scope=['fair_id'],
) }}
