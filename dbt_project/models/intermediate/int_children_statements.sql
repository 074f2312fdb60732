with resolved as ({{ resolved('children', [('child_ref', 'child_key', 'int_child_identities')]) }})

select
    child_key,
    org_key,
    county_org_key,
    programme_key,
    child_birth_year as birth_year,
    sex,
    categories,
    left_behind_kind,
    guardian_relation,
    is_boarding,
    registered_on,
    closed_on,
    close_reason,
    is_present,
    sender,
    delivery_id,
    sheet_no,
    row_no,
    as_of_on,
    received_at,
    {{ content_hash(['content_hash', 'sender', 'org_key', 'county_org_key', 'programme_key']) }} as content_hash,
    split_from as known_from,
    split_to as known_to
from resolved
where split_from < split_to and child_key is not null
