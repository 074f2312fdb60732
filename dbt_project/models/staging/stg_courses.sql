with delivered as ({{ delivered('courses') }})

select
    {{ stated(['catalogue_year', 'course_id']) }},
    {{ person('lecturer') }},
    catalogue_year,
    course_id,
    category,
    course_name,
    stage,
    audience,
    minutes
from delivered
