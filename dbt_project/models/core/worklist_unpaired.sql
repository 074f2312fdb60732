{% set grace_days = 15 -%}
with paired as (
    select
        p.child_key,
        bool_or(p.valid_from <= b.as_of_on and b.as_of_on < p.valid_to) as is_paired,
        max(case when p.valid_to <= b.as_of_on then p.valid_to end) as last_paired_to
    from {{ ref('fct_pairings') }} as p
    cross join {{ ref('int_build_dates') }} as b
    where p.role = 'primary' and p.known_to = timestamp '9999-12-31 00:00:00'
    group by p.child_key
)

select
    c.child_key,
    c.county_org_key,
    {{ days_between(
        'greatest(c.registered_on, coalesce(p.last_paired_to, c.registered_on))', 'b.as_of_on'
    ) }} as days,
    b.as_of_on,
    l.delivery_id,
    l.sheet_no,
    l.row_no
from {{ ref('dim_children') }} as c
cross join {{ ref('int_build_dates') }} as b
left join {{ ref('programmes') }} as g on c.programme_key = g.programme_key
left join paired as p on c.child_key = p.child_key
left join {{ ref('int_children_located') }} as l on c.child_key = l.child_key
where c.status = 'active'
    and c.known_to = timestamp '9999-12-31 00:00:00'
    and c.valid_from <= b.as_of_on and b.as_of_on < c.valid_to
    and {{ days_between('c.registered_on', 'b.as_of_on') }} >= {{ grace_days }}
    and {{ keeps_ledger('pairings', 'g') }}
    and not coalesce(p.is_paired, false)
