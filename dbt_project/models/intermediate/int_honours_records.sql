{{ snapshot_records(
    'honours',
    carried=['volunteer_ref', 'honour_name', 'edition_year'],
    content=['place_ref', 'awarded_on', 'honour_level'],
    scope=['honour_name', 'edition_year'],
) }}
