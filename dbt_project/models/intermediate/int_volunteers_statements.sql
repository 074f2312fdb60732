with {{ persons_told('pairings', 'volunteer', 'volunteer_key') }}

select
    volunteer_key,
    org_key,
    volunteer_level,
    volunteer_identity,
    background_check,
    is_present,
    sender,
    delivery_id,
    sheet_no,
    row_no,
    as_of_on,
    received_at,
    {{ content_hash([
        'is_present', 'sender', 'org_key', 'volunteer_level', 'volunteer_identity', 'background_check',
    ]) }} as content_hash,
    split_from as known_from,
    split_to as known_to
from told
