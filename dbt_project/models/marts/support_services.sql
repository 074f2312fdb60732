-- Training supports volunteers as hotlines support families; its persons stand in a column of their own.
with trained as (
    select
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        cast(date_trunc('month', classes.starts_on) as date) as month_on,
        count(distinct classes.class_key) as classes,
        count(*) as trained_person_times,
        count(distinct attendance.trainee_key) as trained_persons
    from {{ ref('fct_trainings') }} as classes
    inner join {{ ref('fct_training_attendance') }} as attendance
        on classes.class_key = attendance.class_key and attendance.is_attended
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on classes.org_key = rolled.member_org_key
    group by rolled.org_key, rolled.org_name, rolled.org_level, date_trunc('month', classes.starts_on)
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
    referral_sources_to_date,
    service_levels,
    service_levels_to_date,
    cast(null as bigint) as trained_persons
from {{ ref('int_services_counted') }}
union all
select
    org_key,
    org_name,
    org_level,
    month_on,
    'training' as service_kind,
    classes as case_events,
    trained_person_times as served_person_times,
    cast(null as bigint) as service_posts,
    cast(null as bigint) as referral_sources,
    cast(null as bigint) as referral_sources_to_date,
    cast(null as bigint) as service_levels,
    cast(null as bigint) as service_levels_to_date,
    trained_persons
from trained
