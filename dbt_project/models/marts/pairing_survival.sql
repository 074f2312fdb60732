with horizons as (
    select
        6 as horizon_months,
        183 as horizon_days
    union all
    select
        12 as horizon_months,
        365 as horizon_days
    union all
    select
        24 as horizon_months,
        730 as horizon_days
),

counted as (
    select
        followed.org_key,
        followed.org_name,
        followed.org_level,
        followed.cohort_on,
        horizons.horizon_months,
        horizons.horizon_days,
        followed.as_of_on,
        count(*) as started_pairings,
        count(*) filter (where followed.is_event and followed.lived_days <= horizons.horizon_days) as ended_pairings,
        count(*) filter (where not followed.is_event and followed.lived_days < horizons.horizon_days)
            as censored_pairings
    from {{ ref('int_pairings_followed') }} as followed
    cross join horizons
    group by
        followed.org_key, followed.org_name, followed.org_level, followed.cohort_on,
        horizons.horizon_months, horizons.horizon_days, followed.as_of_on
),

survived as (
    select
        steps.org_key,
        steps.cohort_on,
        horizons.horizon_months,
        max_by(steps.survival_share, steps.lived_days) as survival_share
    from {{ ref('int_survival_stepped') }} as steps
    inner join horizons
        on steps.lived_days <= horizons.horizon_days
    group by steps.org_key, steps.cohort_on, horizons.horizon_months
),

matured as (
    select
        *,
        -- The youngest pairing of a half-year starts up to 184 days after its first day.
        {{ days_after('cohort_on', '184 + horizon_days') }} <= as_of_on as is_matured
    from counted
)

select
    matured.org_key,
    matured.org_name,
    matured.org_level,
    matured.cohort_on,
    matured.horizon_months,
    matured.as_of_on,
    matured.is_matured,
    matured.started_pairings,
    case when matured.is_matured then matured.started_pairings - matured.ended_pairings - matured.censored_pairings end
        as at_risk_pairings,
    case when matured.is_matured then matured.ended_pairings end as ended_pairings,
    case when matured.is_matured then matured.censored_pairings end as censored_pairings,
    case when matured.is_matured then round(coalesce(survived.survival_share, 1), 9) end as survival_share
from matured
left join survived
    on
        matured.org_key = survived.org_key
        and matured.cohort_on = survived.cohort_on
        and matured.horizon_months = survived.horizon_months
