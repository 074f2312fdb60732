{{ snapshot_records(
    'care_items',
    carried=['item_year', 'child_ref', 'item_kind'],
    content=[
        'place_ref', 'township', 'item_status', 'done_on', 'child_id_token', 'child_number_token', 'child_birth_year',
    ],
    scope=['item_year'],
) }}
