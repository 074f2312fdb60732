with registered as (
    select
        *,
        {{ row_key(['sender', 'streamer_key', 'platform']) }} as registration_key
    from (
        {{ resolved('streamers', [('streamer_ref', 'streamer_key', 'int_adult_identities')]) }}
    ) as every_split
    where split_from < split_to and streamer_key is not null
)

-- who still stands in the list with another account on the platform is not absent from it; the number of followers
-- changes every month and would make a version every month: it is carried, and makes none
select
    r.registration_key,
    r.streamer_key,
    r.platform,
    r.sex,
    r.streamer_birth_year,
    r.firm_id,
    r.unit_name,
    r.level,
    r.recognised_on,
    r.status,
    r.employment_form,
    r.followers,
    r.org_key,
    r.is_present,
    r.sender,
    r.delivery_id,
    r.sheet_no,
    r.row_no,
    r.as_of_on,
    r.received_at,
    {{ content_hash([
        'r.is_present', 'r.sex', 'r.streamer_birth_year', 'r.firm_id', 'r.unit_name', 'r.level', 'r.recognised_on',
        'r.status', 'r.employment_form', 'r.org_key',
    ]) }} as content_hash,
    r.split_from as known_from,
    r.split_to as known_to
from registered as r
where r.is_present or not exists (
    select 1 from registered as p
    where p.registration_key = r.registration_key and p.delivery_id = r.delivery_id and p.is_present
        and p.split_from <= r.split_from and p.split_to >= r.split_to
)
