with resolved as (
    {{ resolved('org_units', [('leader_ref', 'leader_key', 'int_adult_identities')]) }}
)

select
    {{ row_key(['sender', 'unit_kind', 'township', 'village', 'unit_name']) }} as unit_key,
    unit_name,
    unit_kind,
    unit_number,
    home_kind,
    bond,
    leader_key,
    leader_identity,
    org_key,
    county_org_key,
    programme_key,
    village,
    hamlet,
    site,
    founded_on,
    members,
    covered_women,
    resident_women,
    -- a register that has no column for it lists what exists
    coalesce(status, 'active') as status,
    is_present,
    sender,
    delivery_id,
    sheet_no,
    row_no,
    as_of_on,
    received_at,
    {{ content_hash(['content_hash', 'org_key', 'county_org_key', 'programme_key', 'leader_key']) }} as content_hash,
    split_from as known_from,
    split_to as known_to
from resolved
where split_from < split_to
