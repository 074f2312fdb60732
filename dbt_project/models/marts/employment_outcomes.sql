-- What has not matured is not known yet, and what nobody asked is not known either: null, never nought.
with counted as (
    select
        org_key,
        org_name,
        org_level,
        programme_key,
        cohort_kind,
        cohort_month_on,
        checkpoint_months,
        max(due_on) as due_on,
        count(*) as cohort_persons,
        count(*) filter (where is_listed) as listed_persons,
        count(*) filter (where is_reached and not is_contacted) as off_window_persons,
        count(*) filter (where is_contacted or not is_reached) as counted_persons,
        count(*) filter (where is_contacted) as contacted_persons,
        count(*) filter (where is_contacted and is_employed) as employed_persons,
        count(*) filter (where is_contacted and is_self_employed) as self_employed_persons,
        count(*) filter (where is_contacted and is_studying) as studying_persons,
        count(*) filter (where is_contacted and is_proven) as proven_persons
    from {{ ref('int_members_followed') }}
    group by
        org_key, org_name, org_level, programme_key, cohort_kind, cohort_month_on, checkpoint_months
),

judged as (
    select
        counted.*,
        counted.due_on <= build.as_of_on as is_matured,
        counted.due_on <= build.as_of_on and counted.listed_persons > 0 as is_known
    from counted
    cross join {{ ref('int_build_dates') }} as build
)

select
    org_key,
    org_name,
    org_level,
    programme_key,
    cohort_kind,
    cohort_month_on,
    checkpoint_months,
    due_on,
    is_matured,
    cohort_persons,
    case when is_known then listed_persons end as listed_persons,
    case when is_known then off_window_persons end as off_window_persons,
    case when is_known then counted_persons end as counted_persons,
    case when is_known then contacted_persons end as contacted_persons,
    case when is_known then employed_persons end as employed_persons,
    case when is_known then self_employed_persons end as self_employed_persons,
    case when is_known then studying_persons end as studying_persons,
    case when is_known then proven_persons end as proven_persons,
    case when is_known and contacted_persons > 0 then cast(employed_persons as double) / counted_persons end
        as cohort_employed_share,
    case when is_known then cast(employed_persons as double) / nullif(contacted_persons, 0) end
        as contacted_employed_share,
    case when is_known then cast(contacted_persons as double) / nullif(counted_persons, 0) end as contact_share,
    case when is_known then cast(proven_persons as double) / nullif(employed_persons, 0) end as evidence_share
from judged
