-- Pace and forecast are for what accumulates: a share is not on its way anywhere.
with organisations as (
    select distinct
        org_key,
        org_name,
        org_level
    from {{ ref('int_organisations_rolled') }}
),

measured as (
    select
        targets.org_key,
        organisations.org_name,
        organisations.org_level,
        targets.month_on,
        targets.kpi,
        targets.starts_on,
        targets.ends_on,
        cast(targets.target_value as double) as target_value,
        actuals.value as actual_value,
        actuals.denominator is null as is_count,
        {{ days_between('targets.starts_on', 'least(targets.as_on, targets.ends_on)') }} + 1 as elapsed_days,
        {{ days_between('targets.starts_on', 'targets.ends_on') }} + 1 as period_days,
        case when targets.base_months > 0 then (whole.value - base.value) / targets.base_months end as monthly_increase
    from {{ ref('int_targets_monthly') }} as targets
    inner join organisations
        on targets.org_key = organisations.org_key
    left join {{ ref('int_kpi_values') }} as actuals
        on
            targets.org_key = actuals.org_key
            and targets.kpi = actuals.kpi
            and targets.month_on = actuals.month_on
    left join {{ ref('int_kpi_values') }} as whole
        on
            targets.org_key = whole.org_key
            and targets.kpi = whole.kpi
            and targets.whole_month_on = whole.month_on
    left join {{ ref('int_kpi_values') }} as base
        on
            targets.org_key = base.org_key
            and targets.kpi = base.kpi
            and targets.base_month_on = base.month_on
),

timed as (
    select
        *,
        cast(elapsed_days as double) / period_days as elapsed_share,
        (period_days - elapsed_days) * 12 / 365.25 as months_left
    from measured
)

select
    org_key,
    org_name,
    org_level,
    month_on,
    kpi,
    starts_on,
    ends_on,
    target_value,
    actual_value,
    actual_value / nullif(target_value, 0) as target_share,
    elapsed_days,
    period_days,
    elapsed_share,
    case when is_count then actual_value / nullif(target_value * elapsed_share, 0) end as pace,
    cast(months_left as double) as months_left,
    case when is_count then monthly_increase end as monthly_increase,
    case when is_count then actual_value + monthly_increase * cast(months_left as double) end as forecast_value
from timed
