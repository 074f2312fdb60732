-- What the warehouse says today about each published figure. One select for each mart, its measures by name;
-- organisation and window come from the claim. A claim that finds no row here has no actual figure.
select
    claims.claim_id,
    cast(case claims.measure
        when 'registered_children' then coverage.registered_children
        when 'paired_children' then coverage.paired_children
        when 'unpaired_children' then coverage.unpaired_children
        when 'coverage_share' then coverage.coverage_share
        when 'active_volunteers' then coverage.active_volunteers
        when 'volunteer_levels' then coverage.volunteer_levels
        when 'max_caseload' then coverage.max_caseload
    end as double) as actual
from {{ ref('claims') }} as claims
inner join {{ ref('pairing_coverage') }} as coverage
    on claims.org_key = coverage.org_key and claims.to_on = coverage.as_on
where claims.mart = 'pairing_coverage'
union all
select
    claims.claim_id,
    cast(case claims.measure
        when 'activity_events' then sum(activity.activity_events)
        when 'activity_kinds' then count(distinct activity.activity_kind)
    end as double) as actual
from {{ ref('claims') }} as claims
inner join {{ ref('care_activity') }} as activity
    on claims.org_key = activity.org_key and claims.from_on <= activity.month_on and claims.to_on >= activity.month_on
where claims.mart = 'care_activity'
group by claims.claim_id, claims.measure
union all
select
    claims.claim_id,
    cast(case claims.measure
        when 'trained_persons' then max(case when services.month_on >= claims.from_on then services.trained_persons end)
        when 'mediation_levels'
            then max(case when services.service_kind = 'mediation' then services.service_levels_to_date end)
        when 'hotline_referral_sources'
            then max(case when services.service_kind = 'hotline' then services.referral_sources_to_date end)
    end as double) as actual
from {{ ref('claims') }} as claims
inner join {{ ref('support_services') }} as services
    on claims.org_key = services.org_key and claims.to_on >= services.month_on
where claims.mart = 'support_services'
group by claims.claim_id, claims.measure
union all
select
    claims.claim_id,
    cast(case when claims.measure = 'honoured_persons' then max(points.honoured_persons) end as double) as actual
from {{ ref('claims') }} as claims
inner join {{ ref('volunteer_points') }} as points
    on claims.org_key = points.org_key and claims.from_on <= points.month_on and claims.to_on >= points.month_on
where claims.mart = 'volunteer_points'
group by claims.claim_id, claims.measure
union all
select
    claims.claim_id,
    cast(case claims.measure
        when 'city_budget_yuan' then sum(case when funds.fund_source = 'city_budget' then funds.budget_yuan end)
        when 'donated_yuan' then sum(case when funds.is_donation then funds.received_yuan end)
    end as double) as actual
from {{ ref('claims') }} as claims
inner join {{ ref('programme_funds') }} as funds
    on
        claims.org_key = funds.org_key
        and funds.fiscal_year between year(claims.from_on) and year(claims.to_on)
where claims.mart = 'programme_funds'
group by claims.claim_id, claims.measure
union all
select
    claims.claim_id,
    cast(case when claims.measure = 'agencies' then max(referrals.agencies_to_date) end as double) as actual
from {{ ref('claims') }} as claims
inner join {{ ref('referral_timeliness') }} as referrals
    on claims.org_key = referrals.org_key and claims.to_on >= referrals.quarter_on
where claims.mart = 'referral_timeliness'
group by claims.claim_id, claims.measure
