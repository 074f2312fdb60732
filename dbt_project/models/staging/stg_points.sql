with delivered as ({{ delivered('points') }})

select
    sender,
    delivery_id,
    sheet_no,
    row_no,
    kind,
    as_of_on,
    received_at,
    {{ record_key(['entry_id']) }} as record_key,
    {{ place_ref('null', 'null') }} as place_ref,
    {{ person_ref('volunteer') }} as volunteer_ref,
    volunteer_token,
    volunteer_id_token,
    volunteer_number_token,
    volunteer_contact_token,
    volunteer_birth_year,
    volunteer_area_code,
    entry_id,
    earned_on,
    rule_code,
    points,
    {{ list_text('child_number_tokens', ',') }} as child_number_tokens,
    activity_id,
    reverses_entry_id
from delivered
