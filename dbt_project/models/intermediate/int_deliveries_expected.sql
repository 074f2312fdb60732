-- one period of one dataset that its sender is expected to report, from the first one reported, until the newest one
with reporting as (
    select sender, dataset, cadence, due_day, months, min(period_from) as first_on
    from {{ ref('int_deliveries_told') }}
    where is_report
    group by sender, dataset, cadence, due_day, months
),

months as (
    select distinct month_on from {{ ref('dim_dates') }}
),

periods as (
    select
        r.sender,
        r.dataset,
        r.cadence,
        r.due_day,
        m.month_on as period_from,
        {{ months_after('m.month_on', 'r.months') }} as period_to
    from reporting as r
    inner join months as m on r.first_on <= m.month_on and mod(month(m.month_on) - 1, r.months) = 0
)

select
    p.sender,
    p.dataset,
    p.cadence,
    p.period_from,
    p.period_to,
    {{ days_after('p.period_to', 'p.due_day - 1') }} as due_on
from periods as p
inner join {{ ref('int_build_dates') }} as b on p.period_from <= b.as_of_on
