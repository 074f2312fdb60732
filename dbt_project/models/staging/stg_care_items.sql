with delivered as ({{ delivered('care_items') }})

select
    {{ stated(['item_year', 'child_token', 'item_kind'], township='township') }},
    {{ person('child') }},
    item_year,
    township,
    item_kind,
    item_status,
    done_on
from delivered
