-- A limit of hours can be judged only between stamps that carry hours. A step that has not been taken and whose limit
-- has passed has failed; one whose limit still runs is not yet judged (P1-12). The day of the build ends at 16:00 UTC.
with timed as (
    select
        referrals.referral_key,
        referrals.org_key,
        cast(date_trunc('quarter', {{ shanghai_date('referrals.found_at') }}) as date) as quarter_on,
        referrals.found_has_hour,
        referrals.found_at + interval 24 hour as day_limit_at,
        referrals.found_at + interval 72 hour as three_day_limit_at,
        referrals.reported_at,
        referrals.intervened_at,
        referrals.handled_at,
        referrals.found_has_hour and referrals.reported_has_hour as is_reported_judged,
        referrals.found_has_hour and referrals.intervened_has_hour as is_intervened_judged,
        referrals.found_has_hour and referrals.handled_has_hour as is_handled_judged,
        cast(build.as_of_on as timestamp) + interval 16 hour as built_at
    from {{ ref('fct_referrals') }} as referrals
    cross join {{ ref('int_build_dates') }} as build
)

select
    referral_key,
    org_key,
    quarter_on,
    case
        when reported_at is null then found_has_hour and day_limit_at < built_at
        else coalesce(is_reported_judged, false)
    end as is_reported_judged,
    coalesce(reported_at <= day_limit_at, false) as is_reported_in_time,
    case
        when intervened_at is null then found_has_hour and day_limit_at < built_at
        else coalesce(is_intervened_judged, false)
    end as is_intervened_judged,
    coalesce(intervened_at <= day_limit_at, false) as is_intervened_in_time,
    case
        when handled_at is null then found_has_hour and three_day_limit_at < built_at
        else coalesce(is_handled_judged, false)
    end as is_handled_judged,
    coalesce(handled_at <= three_day_limit_at, false) as is_handled_in_time
from timed
