with delivered as ({{ delivered('pairings') }})

select
    {{ stated(['child_token', 'volunteer_token', 'paired_on'], township='township') }},
    {{ person('child') }},
    {{ person('volunteer') }},
    township,
    role,
    volunteer_level,
    volunteer_identity,
    paired_on,
    pairing_mode,
    ended_on,
    end_reason,
    has_pledge,
    background_check
from delivered
