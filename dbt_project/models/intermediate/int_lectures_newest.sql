with newest as (
    {{ current_statements('lectures', [('lecturer_ref', 'lecturer_key', 'int_adult_identities')],
        ['sender', 'record_key'], ['received_at', 'delivery_id', 'sheet_no', 'row_no']) }}
)

select
    {{ row_key(['sender', 'lecture_id']) }} as lecture_key,
    -- one programme has one book of orders and one catalogue, whoever of its districts reports the lecture
    coalesce(programme_key, sender) as catalogue_scope,
    *
from newest
