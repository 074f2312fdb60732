-- a bureau beside the federation writes about its whole city; a county's federation about its county
with senders as (
    select distinct sender from {{ ref('stg_deliveries') }}
),

own as (
    select
        s.sender,
        o.known_from,
        o.known_to,
        min(o.org_key) as sender_org_key
    from senders as s
    inner join {{ ref('int_organisations_known') }} as o on s.sender = o.sender_id
    group by s.sender, o.known_from, o.known_to
),

cities as (
    select
        w.sender,
        w.known_from,
        max_by(c.ancestor_org_key, c.distance) as city_org_key
    from own as w
    inner join {{ ref('int_organisation_closure') }} as c
        on w.sender_org_key = c.descendant_org_key and w.known_from = c.known_from
    inner join {{ ref('int_organisations_known') }} as a
        on c.ancestor_org_key = a.org_key and c.known_from = a.known_from
    where a.level = 'city'
    group by w.sender, w.known_from
)

select
    w.sender,
    w.sender_org_key,
    coalesce(c.city_org_key, w.sender_org_key) as home_org_key,
    case when o.level = 'city' then coalesce(c.city_org_key, w.sender_org_key) else w.sender_org_key end
        as area_org_key,
    w.known_from,
    w.known_to
from own as w
inner join {{ ref('int_organisations_known') }} as o on w.sender_org_key = o.org_key and w.known_from = o.known_from
left join cities as c on w.sender = c.sender and w.known_from = c.known_from
