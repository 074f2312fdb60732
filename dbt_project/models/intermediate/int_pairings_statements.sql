with resolved as (
    {{ resolved('pairings', [
        ('child_ref', 'child_key', 'int_child_identities'), ('volunteer_ref', 'volunteer_key', 'int_adult_identities'),
    ]) }}
)

select
    {{ row_key(['child_key', 'volunteer_key', 'paired_on']) }} as pairing_key,
    child_key,
    volunteer_key,
    org_key,
    programme_key,
    coalesce(role, 'primary') as role,
    paired_on,
    ended_on,
    end_reason,
    volunteer_level,
    volunteer_identity,
    pairing_mode,
    has_pledge,
    background_check,
    is_present,
    sender,
    delivery_id,
    sheet_no,
    row_no,
    as_of_on,
    received_at,
    {{ content_hash(['content_hash', 'sender', 'org_key', 'programme_key']) }} as content_hash,
    split_from as known_from,
    split_to as known_to
from resolved
where split_from < split_to and child_key is not null and volunteer_key is not null
