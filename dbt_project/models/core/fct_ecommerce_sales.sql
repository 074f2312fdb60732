-- Every state of the platform's figures that is known today, in the order of the platform's own clock.
with told as (
    select
        *,
        lag(sales_yuan) over told_order as sales_before,
        row_number() over told_order as nth
    from ({{ resolved('firm_sales', []) }}) as everything
    where split_from < split_to and split_to = timestamp '9999-12-31 00:00:00'
    window told_order as (
        partition by sender, record_key
        order by
            updated_at nulls last, received_at nulls last, delivery_id nulls last, sheet_no nulls last,
            row_no nulls last
    )
),

-- the same figure delivered again is no restatement
restated as (
    select
        sender,
        record_key,
        max(nth) as newest,
        count(*) filter (where nth > 1 and sales_yuan is distinct from sales_before) as restatements,
        max(case when nth = 1 then sales_yuan end) as first_sales_yuan
    from told
    group by sender, record_key
)

select
    {{ row_key(['told.sender', 'told.record_key']) }} as sales_key,
    told.firm_id as firm_key,
    told.org_key,
    told.programme_key,
    told.platform,
    told.sales_month,
    told.sales_yuan,
    told.orders,
    told.employees,
    told.female_employees,
    restated.restatements,
    restated.first_sales_yuan,
    told.updated_at,
    told.sender,
    told.delivery_id,
    told.sheet_no,
    told.row_no
from told
inner join restated
    on told.sender = restated.sender and told.record_key = restated.record_key and told.nth = restated.newest
