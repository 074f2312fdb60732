with delivered as ({{ delivered('lecture_orders') }})

select
    {{ stated(['order_id'], county='county') }},
    order_id,
    county,
    course_id,
    {{ utc('ordered_at') }} as ordered_at,
    wanted_on,
    venue_kind,
    audience_kind,
    status,
    scheduled_on,
    {{ utc('updated_at') }} as updated_at
from delivered
