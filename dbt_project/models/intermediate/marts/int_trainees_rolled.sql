select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    coalesce(classes.programme_key, 'unassigned') as programme_key,
    classes.class_key,
    classes.class_level,
    classes.starts_on,
    coalesce(classes.ends_on, classes.starts_on) as ended_on,
    cast(year(classes.starts_on) as integer) as training_year,
    {{ days_between('classes.starts_on', 'classes.ends_on') }} + 1 as class_days,
    attendance.trainee_key,
    attendance.is_weak_identity,
    attendance.sex,
    attendance.home_province,
    coalesce(attendance.is_attended, false) as is_attended,
    coalesce(attendance.is_completed, false) as is_completed,
    attendance.status_before
from {{ ref('fct_trainings') }} as classes
inner join {{ ref('int_organisations_rolled') }} as rolled
    on classes.org_key = rolled.member_org_key
left join {{ ref('fct_training_attendance') }} as attendance
    on classes.class_key = attendance.class_key
