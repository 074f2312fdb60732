with delivered as ({{ delivered('streamers') }})

select
    {{ stated(['streamer_token', 'platform']) }},
    {{ person('streamer') }},
    firm_id,
    firm_name,
    is_sole_trader,
    platform,
    sex,
    followers,
    unit_name,
    level,
    recognised_on,
    status,
    employment_form
from delivered
