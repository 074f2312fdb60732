with newest as (
    {{ current_statements('care_items', [('child_ref', 'child_key', 'int_child_identities')],
        ['sender', 'item_year', 'child_key', 'item_kind']) }}
)

select *
from newest
where is_present
