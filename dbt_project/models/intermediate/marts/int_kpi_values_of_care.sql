-- every figure as its mart rolls it up; the parts of a share are added before they are divided
with parts as (
    select
        org_key, month_on, 'pairing_coverage' as kpi, paired_children as numerator, registered_children as denominator
    from {{ ref('pairing_coverage') }}
    union all
    select
        org_key, month_on, 'entered_in_time_share' as kpi, entered_in_time_events as numerator,
        activity_events as denominator
    from {{ ref('care_activity') }}
    union all
    select org_key, month_on, 'contact_timeliness' as kpi, met_periods as numerator, due_periods as denominator
    from {{ ref('visit_timeliness') }}
    union all
    select org_key, month_on, 'reporting_rate' as kpi, received_periods as numerator, due_periods as denominator
    from {{ ref('int_periods_counted') }}
    union all
    select org_key, month_on, 'timeliness' as kpi, on_time_periods as numerator, due_periods as denominator
    from {{ ref('int_periods_counted') }}
    union all
    -- the quality of everything ever delivered, on the day of the build
    select
        quality.org_key, cast(date_trunc('month', build.as_of_on) as date) as month_on, 'data_quality' as kpi,
        greatest(quality.cells - quality.weighted_findings, 0) as numerator, quality.cells as denominator
    from {{ ref('data_quality') }} as quality
    cross join {{ ref('int_build_dates') }} as build
)

select
    org_key,
    month_on,
    kpi,
    cast(sum(numerator) as double) as numerator,
    cast(sum(denominator) as double) as denominator,
    cast(sum(numerator) as double) / nullif(cast(sum(denominator) as double), 0) as value
from parts
group by org_key, month_on, kpi
