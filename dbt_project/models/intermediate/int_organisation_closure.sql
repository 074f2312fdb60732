{% set deepest = 7 -%}
-- unrolled, because a recursive query is not portable: seven levels, from the nation to a village group
with step_0 as (
    select org_key as ancestor_org_key, org_key as descendant_org_key, 0 as distance, known_from, known_to
    from {{ ref('int_organisations_known') }}
),

{% for step in range(1, deepest + 1) %}
step_{{ step }} as (
    select
        o.parent_org_key as ancestor_org_key,
        s.descendant_org_key,
        {{ step }} as distance,
        s.known_from,
        s.known_to
    from step_{{ step - 1 }} as s
    inner join {{ ref('int_organisations_known') }} as o
        on s.ancestor_org_key = o.org_key and s.known_from = o.known_from
    inner join {{ ref('int_organisations_known') }} as p
        on o.parent_org_key = p.org_key and s.known_from = p.known_from
    where o.parent_org_key <> s.descendant_org_key
),

{% endfor %}
every as (
    {% for step in range(0, deepest + 1) %}
    select * from step_{{ step }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

-- a table with a loop in it must not count anybody twice
select ancestor_org_key, descendant_org_key, min(distance) as distance, known_from, known_to
from every
group by ancestor_org_key, descendant_org_key, known_from, known_to
