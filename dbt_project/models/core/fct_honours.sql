with newest as (
    {{ current_statements('honours', [('volunteer_ref', 'volunteer_key', 'int_adult_identities')],
        ['volunteer_key', 'honour_name', 'edition_year']) }}
)

select
    {{ row_key(['volunteer_key', 'honour_name', 'edition_year']) }} as honour_key,
    honour_name,
    edition_year,
    volunteer_key,
    org_key,
    awarded_on,
    honour_level,
    sender,
    delivery_id,
    sheet_no,
    row_no
from newest
where is_present
