with newest as (
    {{ current_statements('funds', [], ['sender', 'record_key']) }}
)

select
    {{ row_key(['sender', 'record_key']) }} as fund_key,
    org_key,
    programme_key,
    fiscal_year,
    voucher_id,
    fund_source,
    project,
    budget_yuan,
    received_yuan,
    spent_yuan,
    households,
    persons,
    paid_on,
    sender,
    delivery_id,
    sheet_no,
    row_no
from newest
where is_present
