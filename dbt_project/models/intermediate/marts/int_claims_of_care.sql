{{ claims_measured('pairing_coverage', 'claims.to_on = mart.as_on', {
    'registered_children': 'max(mart.registered_children)',
    'paired_children': 'max(mart.paired_children)',
    'unpaired_children': 'max(mart.unpaired_children)',
    'coverage_share': 'max(mart.coverage_share)',
    'active_volunteers': 'max(mart.active_volunteers)',
    'volunteer_levels': 'max(mart.volunteer_levels)',
    'max_caseload': 'max(mart.max_caseload)',
}) }}
union all
{{ claims_measured('care_activity', 'mart.month_on between claims.from_on and claims.to_on', {
    'activity_events': 'sum(mart.activity_events)',
    'activity_kinds': 'count(distinct mart.activity_kind)',
}) }}
union all
{{ claims_measured('support_services', 'mart.month_on <= claims.to_on', {
    'trained_persons': 'max(case when mart.month_on >= claims.from_on then mart.trained_persons end)',
    'mediation_levels': "max(case when mart.service_kind = 'mediation' then mart.service_levels_to_date end)",
    'hotline_referral_sources':
        "max(case when mart.service_kind = 'hotline' then mart.referral_sources_to_date end)",
}) }}
union all
{{ claims_measured('volunteer_points', 'mart.month_on between claims.from_on and claims.to_on', {
    'honoured_persons': 'max(mart.honoured_persons)',
}) }}
union all
{{ claims_measured('programme_funds', 'mart.fiscal_year between year(claims.from_on) and year(claims.to_on)', {
    'city_budget_yuan': "sum(case when mart.fund_source = 'city_budget' then mart.budget_yuan end)",
    'donated_yuan': 'sum(case when mart.is_donation then mart.received_yuan end)',
}) }}
union all
{{ claims_measured('referral_timeliness', 'mart.quarter_on <= claims.to_on', {
    'agencies': 'max(mart.agencies_to_date)',
}) }}
