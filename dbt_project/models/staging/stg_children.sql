with delivered as ({{ delivered('children') }})

select
    {{ stated(['child_token'], county='county', township='township') }},
    {{ person('child') }},
    sex,
    county,
    township,
    {{ list_text('categories', '、') }} as categories,
    left_behind_kind,
    guardian_relation,
    is_boarding,
    registered_on,
    closed_on,
    close_reason
from delivered
