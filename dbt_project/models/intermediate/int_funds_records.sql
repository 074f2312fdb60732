{{ snapshot_records(
    'funds',
    carried=['fiscal_year', 'voucher_id'],
    content=[
        'place_ref', 'fund_source', 'project', 'budget_yuan', 'received_yuan', 'spent_yuan', 'households', 'persons',
        'paid_on',
    ],
    scope=['fiscal_year'],
) }}
