-- whether one episode is the primary one, and of a registered child, depends on what else is known at the moment
with moments as (
    select child_key, known_from as known_at from {{ ref('int_pairing_episodes') }}
    union
    select child_key, known_to as known_at from {{ ref('int_pairing_episodes') }}
    union
    select child_key, known_from as known_at from {{ ref('dim_children') }}
    union
    select child_key, known_to as known_at from {{ ref('dim_children') }}
),

spans as (
    select
        child_key,
        known_at as known_from,
        lead(known_at) over (partition by child_key order by known_at nulls last) as known_to
    from moments
),

registered as (
    select distinct s.child_key, s.known_from
    from spans as s
    inner join {{ ref('dim_children') }} as c
        on s.child_key = c.child_key and c.known_from <= s.known_from and s.known_from < c.known_to
)

select
    s.child_key,
    s.known_from,
    s.known_to,
    r.child_key is not null as is_registered_child
from spans as s
left join registered as r on s.child_key = r.child_key and s.known_from = r.known_from
where s.known_to is not null
    and s.child_key in (select child_key from {{ ref('int_pairing_episodes') }})
