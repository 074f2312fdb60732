-- What is written within the days of grace after a period's end speaks of that period (X-01, X-02). A file that states
-- no day of its own is dated by its receipt: as many days again it is taken as late for that period, and not as early
-- for the next one.
with graced as (
    select
        d.sender,
        d.dataset,
        d.delivery_id,
        d.received_at,
        d.state,
        d.clean_records,
        d.rejected_records,
        d.state = 'clean' and d.kind in ('snapshot', 'increment') as is_report,
        s.cadence,
        s.due_day,
        case s.cadence when 'monthly' then 1 when 'quarterly' then 3 when 'yearly' then 12 end as months,
        case
            when d.as_of_on <> {{ shanghai_date('d.received_at') }} then {{ days_after('d.as_of_on', '-s.due_day') }}
            else {{ days_after(shanghai_date('d.received_at'), '-2 * s.due_day') }}
        end as spoken_on
    from {{ ref('stg_deliveries') }} as d
    inner join {{ source('deliveries', 'datasets') }} as s on d.dataset = s.dataset
    where s.cadence <> 'irregular'
)

select
    sender,
    dataset,
    delivery_id,
    received_at,
    state,
    clean_records,
    rejected_records,
    is_report,
    cadence,
    due_day,
    months,
    cast(
        case cadence
            when 'monthly' then date_trunc('month', spoken_on)
            when 'quarterly' then date_trunc('quarter', spoken_on)
            else date_trunc('year', spoken_on)
        end as date
    ) as period_from
from graced
