-- every organisation as last stated, at every span in which the knowledge about the whole tree stood still
with ranked as (
    select
        o.org_key,
        o.parent_org_key,
        o.level,
        o.org_name,
        o.place_name,
        o.sender_id,
        s.known_from,
        s.known_to,
        row_number() over (
            partition by o.org_key, s.known_from order by o.valid_from desc nulls last, o.valid_to desc nulls last
        ) as nth
    from {{ ref('dim_organisations') }} as o
    inner join {{ ref('int_organisation_spans') }} as s on o.known_from <= s.known_from and s.known_from < o.known_to
)

select
    org_key,
    parent_org_key,
    level,
    org_name,
    place_name,
    sender_id,
    known_from,
    known_to
from ranked
where nth = 1
