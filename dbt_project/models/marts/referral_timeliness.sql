with counted as (
    select
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        referrals.quarter_on,
        count(*) as referrals,
        count(*) filter (where referrals.is_reported_judged) as reported_judged,
        count(*) filter (where referrals.is_reported_judged and referrals.is_reported_in_time)
            as reported_in_time,
        count(*) filter (where referrals.is_intervened_judged) as intervened_judged,
        count(*) filter (where referrals.is_intervened_judged and referrals.is_intervened_in_time)
            as intervened_in_time,
        count(*) filter (where referrals.is_handled_judged) as handled_judged,
        count(*) filter (where referrals.is_handled_judged and referrals.is_handled_in_time)
            as handled_in_time
    from {{ ref('int_referrals_timed') }} as referrals
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on referrals.org_key = rolled.member_org_key
    where rolled.is_children_level
    group by rolled.org_key, rolled.org_name, rolled.org_level, referrals.quarter_on
)

select
    counted.org_key,
    counted.org_name,
    counted.org_level,
    counted.quarter_on,
    counted.referrals as referral_events,
    counted.reported_in_time as reported_in_time_events,
    counted.reported_judged as reported_judged_events,
    cast(counted.reported_in_time as double) / nullif(counted.reported_judged, 0) as reported_in_time_share,
    counted.intervened_in_time as intervened_in_time_events,
    counted.intervened_judged as intervened_judged_events,
    cast(counted.intervened_in_time as double) / nullif(counted.intervened_judged, 0) as intervened_in_time_share,
    counted.handled_in_time as handled_in_time_events,
    counted.handled_judged as handled_judged_events,
    cast(counted.handled_in_time as double) / nullif(counted.handled_judged, 0) as handled_in_time_share,
    coalesce(agencies.agencies, 0) as agencies,
    -- The quarter's own referrals may name no agency: the count to date then stays at the last one known.
    coalesce(max(agencies.agencies_to_date) over (
        partition by counted.org_key
        order by counted.quarter_on rows between unbounded preceding and current row
    ), 0) as agencies_to_date
from counted
left join {{ ref('int_agencies_counted') }} as agencies
    on counted.org_key = agencies.org_key and counted.quarter_on = agencies.quarter_on
