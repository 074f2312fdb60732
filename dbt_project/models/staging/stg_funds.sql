with delivered as ({{ delivered('funds') }})

select
    {{ stated(['fiscal_year', 'voucher_id']) }},
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
