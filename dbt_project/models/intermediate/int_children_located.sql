-- where the county's own newest list names a child, so that its clerk finds her and nobody else does
with named as (
    select
        i.person_key as child_key,
        c.delivery_id,
        c.sheet_no,
        c.row_no,
        row_number() over (
            partition by i.person_key
            order by
                c.as_of_on desc nulls last, c.received_at desc nulls last, c.delivery_id asc nulls last,
                c.sheet_no asc nulls last, c.row_no asc nulls last
        ) as nth_newest
    from {{ ref('stg_children') }} as c
    inner join {{ ref('int_child_identities') }} as i on c.child_ref = i.person_ref and i.dataset = 'children'
    where i.known_to = timestamp '9999-12-31 00:00:00' and c.kind <> 'withdrawal'
)

select child_key, delivery_id, sheet_no, row_no
from named
where nth_newest = 1
