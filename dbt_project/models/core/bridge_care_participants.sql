with credited as (
    select
        p.activity_key,
        p.child_key,
        p.volunteer_key,
        p.happened_on,
        min(e.pairing_key) as pairing_key
    from {{ ref('int_care_participants') }} as p
    left join {{ ref('fct_pairings') }} as e
        on p.child_key = e.child_key and p.volunteer_key = e.volunteer_key
        and e.valid_from <= p.happened_on and p.happened_on < e.valid_to
        and e.role = 'primary' and e.known_to = timestamp '9999-12-31 00:00:00'
    group by p.activity_key, p.child_key, p.volunteer_key, p.happened_on
)

select
    c.activity_key,
    c.child_key,
    c.volunteer_key,
    c.pairing_key,
    c.happened_on,
    a.has_contact,
    a.is_counted,
    a.sender,
    a.delivery_id,
    a.sheet_no,
    a.row_no
from credited as c
inner join {{ ref('fct_care_activities') }} as a
    on c.activity_key = a.activity_key and a.known_to = timestamp '9999-12-31 00:00:00'
