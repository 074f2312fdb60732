with delivered as ({{ delivered('livestreams') }})

select
    {{ stated(['platform', 'session_id', 'streamer_token']) }},
    {{ person('streamer') }},
    platform,
    session_id,
    event_name,
    place,
    {{ utc('starts_at') }} as starts_at,
    {{ utc('ends_at') }} as ends_at,
    view_person_times,
    viewers,
    peak_viewers,
    average_viewers,
    gross_yuan,
    refund_yuan,
    refund_basis,
    orders,
    order_grain,
    buyers,
    new_followers,
    {{ utc('extracted_at') }} as extracted_at
from delivered
