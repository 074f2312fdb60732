with delivered as ({{ delivered('funds') }})

select
    sender,
    delivery_id,
    sheet_no,
    row_no,
    kind,
    as_of_on,
    received_at,
    {{ record_key(['fiscal_year', 'voucher_id']) }} as record_key,
    {{ place_ref('null', 'null') }} as place_ref,
    fiscal_year,
    voucher_id,
    fund_source,
    project,
    budget_yuan,
    received_yuan,
    spent_yuan,
    spent_cumulative_yuan,
    households,
    persons,
    paid_on
from delivered
