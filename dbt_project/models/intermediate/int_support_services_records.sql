{{ snapshot_records(
    'support_services',
    carried=['service_month', 'service_kind', 'source', 'level'],
    content=['place_ref', 'case_events', 'served_person_times', 'service_posts'],
    scope=['service_month'],
) }}
