with networks as (
    select
        org_key,
        month_on,
        cast(sum(units) as double) as units,
        cast(sum(living_units) as double) as living_units
    from {{ ref('organisation_network') }}
    where unit_kind in ('group', 'micro_home')
    group by org_key, month_on
),

signings as (
    select
        org_key,
        cast(date_trunc('month', fair_on) as date) as month_on,
        cast(sum(case when step = 'signed' then persons end) as double) as signed,
        cast(sum(case when step = 'applied' then persons end) as double) as applied
    from {{ ref('application_funnel') }}
    where channel = 'all' and fair_on is not null
    group by org_key, date_trunc('month', fair_on)
),

valued as (
    select
        org_key,
        cast(date_trunc('month', as_on) as date) as month_on,
        'care_items_completion' as kpi,
        cast(sum(done_children) as double) as numerator,
        cast(sum(due_children) as double) as denominator
    from {{ ref('care_item_completion') }}
    where item_kind <> 'all'
    group by org_key, date_trunc('month', as_on)
    union all
    select org_key, month_on, 'active_units' as kpi, units as numerator, null as denominator
    from networks
    union all
    select org_key, month_on, 'living_units_share' as kpi, living_units as numerator, units as denominator
    from networks
    union all
    select org_key, month_on, 'fair_signed_share' as kpi, signed as numerator, applied as denominator
    from signings
)

select
    org_key,
    month_on,
    kpi,
    numerator,
    denominator,
    case when denominator is null then numerator else numerator / nullif(denominator, 0) end as value
from valued
