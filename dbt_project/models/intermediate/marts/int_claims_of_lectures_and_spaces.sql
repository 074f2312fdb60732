{{ claims_measured('lecture_plan', 'mart.plan_year between year(claims.from_on) and year(claims.to_on)', {
    'target_lectures': 'max(mart.target_lectures)',
    'planned_districts': 'max(mart.planned_districts)',
    'lecturers': 'max(mart.lecturers)',
    'courses': 'max(mart.courses)',
    'course_categories': 'max(mart.course_categories)',
    'first_lecture_onsite_persons': 'max(mart.first_lecture_onsite_persons)',
}) }}
union all
{{ claims_measured('space_activity', 'mart.month_on between claims.from_on and claims.to_on', {
    'training_events': 'sum(mart.training_events)',
    'empowered_women': 'sum(mart.new_women_persons)',
    'counties': 'max(mart.counties_to_date)',
}) }}
