with newest as (
    {{ current_statements('trainings', [('trainee_ref', 'trainee_key', 'int_adult_identities')],
        ['sender', 'class_id', 'trainee_key']) }}
),

-- the facts of a class stand on every row of its roster; where two rows differ, the earlier in the alphabet is taken
classes as (
    select
        {{ row_key(['sender', 'class_id']) }} as class_key,
        class_id,
        min(class_name) as class_name,
        min(class_level) as class_level,
        org_key,
        programme_key,
        min(organiser) as organiser,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on,
        max(hours) as hours,
        sender
    from newest
    where is_present
    group by sender, class_id, org_key, programme_key
),

attended as (
    select
        class_key,
        count(distinct trainee_key) as enrolled_persons,
        count(distinct case when is_attended then trainee_key end) as attended_persons,
        count(distinct case when is_completed then trainee_key end) as completed_persons
    from {{ ref('fct_training_attendance') }}
    group by class_key
)

select
    c.class_key,
    c.class_id,
    c.class_name,
    c.class_level,
    c.org_key,
    c.programme_key,
    c.organiser,
    c.starts_on,
    c.ends_on,
    c.hours,
    a.enrolled_persons,
    a.attended_persons,
    a.completed_persons,
    c.sender
from classes as c
inner join attended as a on c.class_key = a.class_key
