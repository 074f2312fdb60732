select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    coalesce(funds.programme_key, 'unassigned') as programme_key,
    cast(funds.fiscal_year as integer) as fiscal_year,
    funds.fund_source,
    funds.fund_source in ('charity_fund', 'firm_donation', 'personal_donation') as is_donation,
    count(*) as fund_entries,
    cast(coalesce(sum(funds.budget_yuan), 0) as decimal(18, 2)) as budget_yuan,
    cast(coalesce(sum(funds.received_yuan), 0) as decimal(18, 2)) as received_yuan,
    cast(coalesce(sum(funds.spent_yuan), 0) as decimal(18, 2)) as spent_yuan,
    cast(coalesce(sum(funds.spent_yuan), 0) as double) / nullif(cast(sum(funds.budget_yuan) as double), 0)
        as execution_share
from {{ ref('fct_funds') }} as funds
inner join {{ ref('int_organisations_rolled') }} as rolled
    on funds.org_key = rolled.member_org_key
group by
    rolled.org_key, rolled.org_name, rolled.org_level,
    funds.programme_key, funds.fiscal_year, funds.fund_source
