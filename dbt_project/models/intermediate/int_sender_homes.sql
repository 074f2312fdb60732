-- A bureau speaks for the organisation that it stands beside. A county is named among the counties of the whole city,
-- or, where no city stands between, of the whole province; a township only within the organisation's own area.
with senders as (
    select distinct sender from {{ ref('int_deliveries_begun') }}
),

listed as (
    select
        s.sender,
        o.known_from,
        o.known_to,
        min(o.org_key) as listed_org_key
    from senders as s
    inner join {{ ref('int_organisations_known') }} as o on s.sender = o.sender_id
    group by s.sender, o.known_from, o.known_to
),

above as (
    select
        w.sender,
        w.known_from,
        w.known_to,
        c.ancestor_org_key,
        c.distance,
        a.level
    from listed as w
    inner join {{ ref('int_organisation_closure') }} as c
        on w.listed_org_key = c.descendant_org_key and w.known_from = c.known_from
    inner join {{ ref('int_organisations_known') }} as a
        on c.ancestor_org_key = a.org_key and c.known_from = a.known_from
),

own as (
    select
        sender,
        known_from,
        known_to,
        min_by(ancestor_org_key, distance) as sender_org_key,
        min_by(level, distance) as sender_level
    from above
    where level <> 'bureau'
    group by sender, known_from, known_to
),

homes as (
    select
        sender,
        known_from,
        max_by(ancestor_org_key, case when level = 'city' then distance end) as city_org_key,
        min_by(ancestor_org_key, distance) as wider_org_key
    from above
    where level in ('city', 'province', 'nation')
    group by sender, known_from
)

select
    w.sender,
    w.sender_org_key,
    coalesce(h.city_org_key, h.wider_org_key, w.sender_org_key) as home_org_key,
    case when w.sender_level = 'city' then coalesce(h.city_org_key, w.sender_org_key) else w.sender_org_key end
        as area_org_key,
    w.known_from,
    w.known_to
from own as w
left join homes as h on w.sender = h.sender and w.known_from = h.known_from
