with delivered as ({{ delivered('trainings') }})

select
    {{ stated(['class_id', 'trainee_token']) }},
    {{ person('trainee') }},
    class_id,
    class_name,
    class_level,
    organiser,
    starts_on,
    ends_on,
    hours,
    home_province,
    sex,
    attendance,
    is_completed,
    status_before
from delivered
