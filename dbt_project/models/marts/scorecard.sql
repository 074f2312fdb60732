-- Siblings are of one level below one parent: a county is not ranked beside a foundation.
with organisations as (
    select distinct
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        known.parent_org_key
    from {{ ref('int_organisations_rolled') }} as rolled
    left join {{ ref('int_organisations_known') }} as known
        on rolled.org_key = known.org_key and known.known_to = timestamp '9999-12-31 00:00:00'
),

figures as (
    select
        organisations.org_key,
        organisations.org_name,
        organisations.org_level,
        organisations.parent_org_key,
        figures.month_on,
        figures.kpi,
        figures.value,
        figures.numerator,
        figures.denominator,
        targets.target_value,
        targets.target_share as achieved,
        targets.pace,
        case kpis.direction when 'lower' then figures.value else -figures.value end as to_rank
    from {{ ref('int_kpi_values') }} as figures
    inner join {{ ref('kpis') }} as kpis
        on figures.kpi = kpis.kpi
    inner join organisations
        on figures.org_key = organisations.org_key
    left join {{ ref('target_progress') }} as targets
        on figures.org_key = targets.org_key and figures.kpi = targets.kpi and figures.month_on = targets.month_on
)

select
    org_key,
    org_name,
    org_level,
    parent_org_key,
    month_on,
    kpi,
    value,
    numerator,
    denominator,
    target_value,
    achieved,
    pace,
    case
        when value is not null and parent_org_key is not null
            then rank() over (partition by parent_org_key, org_level, kpi, month_on order by to_rank nulls last)
    end as rank_in_parent,
    case
        when parent_org_key is not null then count(value) over (partition by parent_org_key, org_level, kpi, month_on)
    end as ranked_siblings
from figures
