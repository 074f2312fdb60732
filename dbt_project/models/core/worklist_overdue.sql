with waiting as (
    select
        p.pairing_key,
        p.child_key,
        p.valid_from,
        b.as_of_on,
        max(case when a.happened_on <= b.as_of_on then a.happened_on end) as last_contact_on
    from {{ ref('fct_pairings') }} as p
    cross join {{ ref('int_build_dates') }} as b
    left join {{ ref('bridge_care_participants') }} as a
        on p.pairing_key = a.pairing_key and a.has_contact and a.is_counted
    where p.role = 'primary'
        and p.known_to = timestamp '9999-12-31 00:00:00'
        and p.valid_from <= b.as_of_on and b.as_of_on < p.valid_to
    group by p.pairing_key, p.child_key, p.valid_from, b.as_of_on
),

counted as (
    select
        *,
        {{ days_between('coalesce(last_contact_on, valid_from)', 'as_of_on') }} as days,
        {{ days_between('valid_from', 'as_of_on') }} as age_days
    from waiting
),

due as (
    select w.*, r.cadence_days
    from counted as w
    inner join {{ ref('visit_cadences') }} as r
        on r.valid_from <= w.as_of_on and w.as_of_on < r.valid_to
        and (
            (w.last_contact_on is null and r.rule = 'first')
            or (w.last_contact_on is not null and r.rule = 'early' and w.age_days < r.to_days)
            or (w.last_contact_on is not null and r.rule = 'later' and w.age_days >= r.from_days)
        )
)

select
    d.pairing_key,
    d.child_key,
    c.county_org_key,
    d.days,
    d.cadence_days,
    d.last_contact_on,
    d.as_of_on,
    l.delivery_id,
    l.sheet_no,
    l.row_no
from due as d
inner join {{ ref('dim_children') }} as c
    on d.child_key = c.child_key and c.status = 'active' and c.known_to = timestamp '9999-12-31 00:00:00'
    and c.valid_from <= d.as_of_on and d.as_of_on < c.valid_to
left join {{ ref('int_pairings_located') }} as l on d.pairing_key = l.pairing_key
where d.days > d.cadence_days
