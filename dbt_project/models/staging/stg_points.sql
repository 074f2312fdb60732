with delivered as ({{ delivered('points') }})

select
    {{ stated(['entry_id']) }},
    {{ person('volunteer') }},
    entry_id,
    earned_on,
    rule_code,
    points,
    {{ list_text('child_number_tokens', ',') }} as child_number_tokens,
    activity_id,
    reverses_entry_id
from delivered
