-- a spell while it lasts, and the time after it until she comes back
select
    child_key,
    'active' as status,
    registered_on,
    closed_on,
    close_reason,
    registered_on as starts_on,
    least(coalesce(closed_on, date '9999-12-31'), replaced_on) as stops_on,
    known_from,
    known_to
from {{ ref('int_children_spells') }}
union all
select
    child_key,
    'closed' as status,
    registered_on,
    closed_on,
    close_reason,
    greatest(closed_on, registered_on) as starts_on,
    replaced_on as stops_on,
    known_from,
    known_to
from {{ ref('int_children_spells') }}
where closed_on is not null
