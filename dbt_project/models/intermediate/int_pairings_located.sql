with named as (
    select
        {{ row_key(['c.person_key', 'v.person_key', 'p.paired_on']) }} as pairing_key,
        p.delivery_id,
        p.sheet_no,
        p.row_no,
        p.as_of_on,
        p.received_at
    from {{ ref('stg_pairings') }} as p
    inner join {{ ref('int_child_identities') }} as c on p.child_ref = c.person_ref and c.dataset = 'pairings'
    inner join {{ ref('int_adult_identities') }} as v on p.volunteer_ref = v.person_ref and v.dataset = 'pairings'
    where c.known_to = timestamp '9999-12-31 00:00:00' and v.known_to = timestamp '9999-12-31 00:00:00'
        and p.kind <> 'withdrawal'
),

ranked as (
    select
        *,
        row_number() over (
            partition by pairing_key
            order by
                as_of_on desc nulls last, received_at desc nulls last, delivery_id asc nulls last,
                sheet_no asc nulls last, row_no asc nulls last
        ) as nth_newest
    from named
)

select pairing_key, delivery_id, sheet_no, row_no
from ranked
where nth_newest = 1
