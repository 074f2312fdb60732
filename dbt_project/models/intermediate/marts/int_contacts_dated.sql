select
    participants.pairing_key,
    participants.child_key,
    participants.happened_on,
    {{ days_between('pairings.valid_from', 'participants.happened_on') }} as contact_days
from {{ ref('bridge_care_participants') }} as participants
left join {{ ref('fct_pairings') }} as pairings
    on
        participants.pairing_key = pairings.pairing_key
        and pairings.known_to = timestamp '9999-12-31 00:00:00'
where participants.is_counted and participants.has_contact
