-- Kaplan-Meier: at each day on which pairings broke, the share of those still followed that held, multiplied up.
-- The product is the exponential of an ordered sum, so that a rerun gives the same last digit; when every last
-- pairing breaks there is no logarithm and nothing survives.
with steps as (
    select
        org_key,
        cohort_on,
        lived_days,
        count(*) as left_pairings,
        count(*) filter (where is_event) as events
    from {{ ref('int_pairings_followed') }}
    group by org_key, cohort_on, lived_days
),

at_risk as (
    select
        org_key,
        cohort_on,
        lived_days,
        events,
        sum(left_pairings) over (
            partition by org_key, cohort_on
            order by lived_days desc
            rows between unbounded preceding and current row
        ) as pairings
    from steps
),

held as (
    select
        org_key,
        cohort_on,
        lived_days,
        cast(pairings - events as double) / pairings as held_share
    from at_risk
    where events > 0
)

select
    org_key,
    cohort_on,
    lived_days,
    case
        when min(held_share) over (
            partition by org_key, cohort_on
            order by lived_days rows between unbounded preceding and current row
        ) = 0 then 0
        else exp(sum(ln(nullif(held_share, 0))) over (
            partition by org_key, cohort_on
            order by lived_days rows between unbounded preceding and current row
        ))
    end as survival_share
from held
