with {{ persons_told('streamers', 'streamer', row_key(['sender', 'streamer_key', 'platform'])) }}

-- the number of followers changes every month and would make a version every month: it is carried, and makes none
select
    entity_key as registration_key,
    streamer_key,
    platform,
    sex,
    streamer_birth_year,
    firm_id,
    unit_name,
    level,
    recognised_on,
    status,
    employment_form,
    followers,
    org_key,
    is_present,
    sender,
    delivery_id,
    sheet_no,
    row_no,
    as_of_on,
    received_at,
    {{ content_hash([
        'is_present', 'sex', 'streamer_birth_year', 'firm_id', 'unit_name', 'level', 'recognised_on', 'status',
        'employment_form', 'org_key',
    ]) }} as content_hash,
    split_from as known_from,
    split_to as known_to
from told
