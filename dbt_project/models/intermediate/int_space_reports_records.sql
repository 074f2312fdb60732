{{ snapshot_records(
    'space_reports',
    carried=['space_name', 'report_month'],
    content=[
        'place_ref', 'county', 'training_events', 'person_times', 'new_women_persons', 'cumulative_women_persons',
        'projects', 'products', 'exemplars', 'sales_yuan',
    ],
    scope=['space_name', 'report_month'],
) }}
