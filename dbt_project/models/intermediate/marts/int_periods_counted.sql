-- a period counts in the month in which it ends, and not before that, however early it was reported
select
    rolled.org_key,
    cast(date_trunc('month', {{ days_after('expected.period_to', '-1') }}) as date) as month_on,
    count(*) as due_periods,
    count(*) filter (where expected.state <> 'missing') as received_periods,
    count(*) filter (where expected.state = 'on_time') as on_time_periods
from {{ ref('fct_delivery_expectations') }} as expected
inner join {{ ref('int_build_dates') }} as build
    on expected.period_to <= {{ days_after('build.as_of_on', '1') }}
inner join {{ ref('int_organisations_rolled') }} as rolled
    on coalesce(expected.org_key, 'unassigned') = rolled.member_org_key
group by rolled.org_key, date_trunc('month', {{ days_after('expected.period_to', '-1') }})
