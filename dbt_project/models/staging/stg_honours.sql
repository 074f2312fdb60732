with delivered as ({{ delivered('honours') }})

select
    sender,
    delivery_id,
    sheet_no,
    row_no,
    kind,
    as_of_on,
    received_at,
    {{ record_key(['honour_name', 'edition_year', 'volunteer_token']) }} as record_key,
    {{ place_ref('null', 'null') }} as place_ref,
    {{ person_ref('volunteer') }} as volunteer_ref,
    volunteer_token,
    volunteer_id_token,
    volunteer_number_token,
    volunteer_contact_token,
    volunteer_birth_year,
    volunteer_area_code,
    honour_name,
    edition_year,
    awarded_on,
    honour_level
from delivered
