{{ claims_measured('target_progress', "mart.month_on = date_trunc('month', claims.to_on)", {
    'qualified_firms_target': "max(case when mart.kpi = 'qualified_firms' then mart.target_value end)",
    'qualified_firms_actual': "max(case when mart.kpi = 'qualified_firms' then mart.actual_value end)",
    'cultivated_streamers_target': "max(case when mart.kpi = 'cultivated_streamers' then mart.target_value end)",
    'cultivated_streamers_actual': "max(case when mart.kpi = 'cultivated_streamers' then mart.actual_value end)",
    'trained_persons_target': "max(case when mart.kpi = 'trained_persons' then mart.target_value end)",
}) }}
union all
{{ claims_measured('firm_sales', 'mart.sales_year = year(claims.to_on)', {
    'women_brand_firms': 'max(mart.women_brand_firms)',
    'practitioners': 'max(mart.practitioners)',
    'female_share': 'max(mart.female_share)',
    'firms_with_federation': 'max(mart.firms_with_federation)',
}) }}
union all
{#- of several events the one with the most streamers is meant #}
{{ claims_measured('livestream_events', 'mart.event_year between year(claims.from_on) and year(claims.to_on)', {
    'streamers': 'max(mart.streamers)',
    'gross_yuan': 'max_by(mart.gross_yuan, mart.streamers)',
    'viewers': 'max_by(mart.viewers, mart.streamers)',
    'places': 'max_by(mart.places, mart.streamers)',
}) }}
union all
{{ claims_measured('training_reach', 'claims.programme_key = mart.programme_key
    and mart.training_year between year(claims.from_on) and year(claims.to_on)', {
    'classes_to_date': 'max(mart.classes_to_date)',
    'trained_person_times_to_date': 'max(mart.trained_person_times_to_date)',
    'newly_employed_persons_to_date': 'max(mart.newly_employed_persons_to_date)',
    'provincial_editions': 'count(case when mart.provincial_classes > 0 then 1 end)',
    'trained_persons': 'max(mart.trained_persons)',
    'home_provinces': 'max(mart.home_provinces)',
    'longest_class_days': 'max(mart.longest_class_days)',
}) }}
