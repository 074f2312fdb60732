-- One receipt counts for one period; what a sender sends twice shows in deliveries, not in the reporting rate.
with periods as (
    select
        expected.sender,
        expected.org_key,
        expected.dataset,
        expected.period_from,
        expected.period_to,
        expected.due_on,
        expected.received_at,
        expected.state,
        case expected.state
            when 'on_time' then 0
            when 'late' then {{ days_between('expected.due_on', shanghai_date('expected.received_at')) }}
            else {{ days_between('expected.due_on', 'build.as_of_on') }}
        end as days_late
    from {{ ref('fct_delivery_expectations') }} as expected
    cross join {{ ref('int_build_dates') }} as build
),

delivered as (
    select
        periods.sender,
        periods.dataset,
        periods.period_from,
        count(*) as deliveries,
        count(*) filter (where told.state = 'held') as held_deliveries,
        count(*) filter (where told.state = 'refused') as refused_deliveries,
        cast(sum(coalesce(told.clean_records, 0)) as bigint) as clean_records,
        cast(sum(coalesce(told.rejected_records, 0)) as bigint) as rejected_records
    from periods
    inner join {{ ref('int_deliveries_told') }} as told
        on periods.sender = told.sender and periods.dataset = told.dataset and periods.period_from = told.period_from
    group by periods.sender, periods.dataset, periods.period_from
),

running as (
    select
        *,
        count(*) over to_date as due_periods,
        count(*) filter (where state <> 'missing') over to_date as received_periods,
        count(*) filter (where state = 'on_time') over to_date as on_time_periods,
        count(*) filter (where state = 'late') over to_date as late_periods,
        count(*) filter (where state = 'missing') over to_date as missing_periods
    from periods
    window to_date as (
        partition by sender, dataset
        order by period_from rows between unbounded preceding and current row
    )
)

select
    running.sender,
    running.org_key,
    running.dataset,
    running.period_from,
    running.period_to,
    running.due_on,
    running.received_at,
    running.state,
    cast(running.days_late as bigint) as days_late,
    coalesce(delivered.deliveries, 0) as deliveries,
    coalesce(delivered.held_deliveries, 0) as held_deliveries,
    coalesce(delivered.refused_deliveries, 0) as refused_deliveries,
    coalesce(delivered.clean_records, 0) as clean_records,
    coalesce(delivered.rejected_records, 0) as rejected_records,
    running.due_periods,
    running.received_periods,
    cast(running.received_periods as double) / nullif(running.due_periods, 0) as reporting_share,
    running.on_time_periods,
    cast(running.on_time_periods as double) / nullif(running.due_periods, 0) as timeliness_share,
    running.late_periods,
    running.missing_periods
from running
left join delivered
    on
        running.sender = delivered.sender
        and running.dataset = delivered.dataset
        and running.period_from = delivered.period_from
