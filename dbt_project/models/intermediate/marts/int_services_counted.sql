with dated as (
    select
        *,
        min(month_on) over (partition by org_key, service_kind, referral_source) as source_since_on,
        min(month_on) over (partition by org_key, service_kind, service_level) as level_since_on
    from {{ ref('int_services_rolled') }}
),

months as (
    select
        org_key,
        org_name,
        org_level,
        month_on,
        service_kind,
        cast(sum(coalesce(case_events, 0)) as bigint) as case_events,
        cast(sum(coalesce(served_person_times, 0)) as bigint) as served_person_times,
        cast(sum(coalesce(service_posts, 0)) as bigint) as service_posts,
        count(distinct referral_source) as referral_sources,
        count(distinct service_level) as service_levels,
        count(distinct case when source_since_on = month_on then referral_source end) as new_sources,
        count(distinct case when level_since_on = month_on then service_level end) as new_levels
    from dated
    group by org_key, org_name, org_level, month_on, service_kind
)

select
    org_key,
    org_name,
    org_level,
    month_on,
    service_kind,
    case_events,
    served_person_times,
    service_posts,
    referral_sources,
    cast(sum(new_sources) over (
        partition by org_key, service_kind
        order by month_on rows between unbounded preceding and current row
    ) as bigint) as referral_sources_to_date,
    service_levels,
    cast(sum(new_levels) over (
        partition by org_key, service_kind
        order by month_on rows between unbounded preceding and current row
    ) as bigint) as service_levels_to_date
from months
