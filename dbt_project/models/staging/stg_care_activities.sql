with delivered as ({{ delivered('care_activities') }})

select
    {{ stated(['activity_id']) }},
    {{ person('volunteer') }},
    activity_id,
    activity_kind,
    happened_on,
    {{ utc('entered_at') }} as entered_at,
    {{ utc('updated_at') }} as updated_at,
    mode,
    has_contact,
    minutes,
    {{ list_text('child_number_tokens', ',') }} as child_number_tokens,
    children_count,
    guardians_count,
    has_issue,
    referral_id,
    status,
    photos
from delivered
