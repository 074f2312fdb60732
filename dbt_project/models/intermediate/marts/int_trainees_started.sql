-- Her first class is what changed; a second one changes less.
select *
from (
    select
        attendance.trainee_key,
        classes.org_key,
        coalesce(classes.programme_key, 'unassigned') as programme_key,
        classes.starts_on,
        coalesce(classes.ends_on, classes.starts_on) as ended_on,
        cast(date_trunc('month', classes.starts_on) as date) as class_month_on,
        cast(date_trunc('quarter', classes.starts_on) as date) as cohort_on,
        attendance.status_before,
        row_number() over (
            partition by attendance.trainee_key order by classes.starts_on nulls last, classes.class_key nulls last
        ) as nth_class
    from {{ ref('fct_training_attendance') }} as attendance
    inner join {{ ref('fct_trainings') }} as classes
        on attendance.class_key = classes.class_key
    where attendance.is_attended
) as attended
where nth_class = 1
