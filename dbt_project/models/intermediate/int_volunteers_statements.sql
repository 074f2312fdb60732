with resolved as (
    select *
    from (
        {{ resolved('pairings', [('volunteer_ref', 'volunteer_key', 'int_adult_identities')]) }}
    ) as every_split
    where split_from < split_to and volunteer_key is not null
)

-- who still stands in a list with another child is not absent from it
select
    r.volunteer_key,
    r.org_key,
    r.volunteer_level,
    r.volunteer_identity,
    r.background_check,
    r.is_present,
    r.sender,
    r.delivery_id,
    r.sheet_no,
    r.row_no,
    r.as_of_on,
    r.received_at,
    {{ content_hash([
        'r.is_present', 'r.sender', 'r.org_key', 'r.volunteer_level', 'r.volunteer_identity', 'r.background_check',
    ]) }} as content_hash,
    r.split_from as known_from,
    r.split_to as known_to
from resolved as r
where r.is_present or not exists (
    select 1 from resolved as p
    where p.volunteer_key = r.volunteer_key and p.delivery_id = r.delivery_id and p.is_present
        and p.split_from <= r.split_from and p.split_to >= r.split_to
)
