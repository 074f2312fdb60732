-- Pace is for what is built up from nothing within the period; a figure that changes once a year has no monthly trend.
with organisations as (
    select distinct org_key, org_name, org_level
    from {{ ref('int_organisations_rolled') }}
),

subordinates as (
    select known.parent_org_key as org_key, targets.kpi, targets.month_on, sum(targets.target_value) as target_value
    from {{ ref('int_targets_monthly') }} as targets
    inner join {{ ref('int_organisations_known') }} as known
        on targets.org_key = known.org_key
    where known.known_to = timestamp '9999-12-31 00:00:00'
    group by known.parent_org_key, targets.kpi, targets.month_on
),

measured as (
    select
        targets.*,
        organisations.org_name,
        organisations.org_level,
        actuals.value as actual_value,
        kpis.is_accumulating,
        actuals.denominator is null and kpis.window <> 'closed_year' as has_trend,
        case when kpis.unit <> '比率' then subordinates.target_value end as subordinates_target_value,
        {{ days_between('targets.starts_on', 'least(targets.as_on, targets.ends_on)') }} + 1 as elapsed_days,
        {{ days_between('targets.starts_on', 'targets.ends_on') }} + 1 as period_days,
        case when targets.base_months > 0 then (whole.value - base.value) / targets.base_months end as monthly_increase
    from {{ ref('int_targets_monthly') }} as targets
    inner join organisations
        on targets.org_key = organisations.org_key
    inner join {{ ref('kpis') }} as kpis
        on targets.kpi = kpis.kpi
    left join subordinates
        on
            targets.org_key = subordinates.org_key
            and targets.kpi = subordinates.kpi
            and targets.month_on = subordinates.month_on
    {% for values, month in [('actuals', 'month_on'), ('whole', 'whole_month_on'), ('base', 'base_month_on')] %}
    left join {{ ref('int_kpi_values') }} as {{ values }}
        on
            targets.org_key = {{ values }}.org_key
            and targets.kpi = {{ values }}.kpi
            and targets.{{ month }} = {{ values }}.month_on
    {% endfor %}
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
    cast(target_value as double) as target_value,
    cast(subordinates_target_value as double) as subordinates_target_value,
    subordinates_target_value <> target_value as is_off_subordinates_sum,
    actual_value,
    actual_value / nullif(cast(target_value as double), 0) as target_share,
    elapsed_days,
    period_days,
    elapsed_share,
    case when is_accumulating then actual_value / nullif(cast(target_value as double) * elapsed_share, 0) end as pace,
    cast(months_left as double) as months_left,
    case when has_trend then monthly_increase end as monthly_increase,
    case when has_trend then actual_value + monthly_increase * cast(months_left as double) end as forecast_value
from timed
