with delivered as ({{ delivered('lectures') }})

select
    {{ stated(['lecture_id']) }},
    {{ person('lecturer') }},
    lecture_id,
    {{ list_text('order_ids', '、') }} as order_ids,
    {{ list_text('counties', '、') }} as counties,
    course_id,
    lectured_on,
    venue_kind,
    audience_kind,
    onsite_persons,
    online_person_times,
    very_satisfied,
    satisfied,
    neutral,
    dissatisfied,
    very_dissatisfied
from delivered
