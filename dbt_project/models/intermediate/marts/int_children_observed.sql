-- Only the year of birth is known here, so a child counts until the end of the year of the 18th birthday
-- unless the register closes it earlier, which it does with the exact date.
with registered as (
    select
        dates.as_on,
        children.child_key,
        children.registered_on,
        -- Versions of one child do not overlap; a child that two registers claim is counted once, at the newer claim.
        max_by(children.org_key, concat_ws('/', children.valid_from, children.org_key)) as org_key
    from {{ ref('int_dates_reported') }} as dates
    inner join {{ ref('dim_children') }} as children
        on dates.as_on >= children.valid_from and dates.as_on < children.valid_to
    left join {{ ref('programmes') }} as programmes
        on children.programme_key = programmes.programme_key
    where
        children.known_to = timestamp '9999-12-31 00:00:00'
        and children.status = 'active'
        -- a register that serves another programme than pairing promises nobody a pairing
        and {{ keeps_ledger('pairings', 'programmes') }}
        and (children.birth_year is null or year(dates.as_on) <= children.birth_year + 18)
    group by dates.as_on, children.child_key, children.registered_on
),

pairings as (
    select
        child_key,
        valid_from,
        valid_to
    from {{ ref('fct_pairings') }}
    where role = 'primary' and known_to = timestamp '9999-12-31 00:00:00'
),

last_pairings as (
    select
        registered.as_on,
        registered.child_key,
        max(pairings.valid_to) as paired_until_on
    from registered
    inner join pairings
        on registered.child_key = pairings.child_key and registered.as_on >= pairings.valid_from
    group by registered.as_on, registered.child_key
)

select
    registered.as_on,
    registered.child_key,
    registered.org_key,
    registered.registered_on,
    coalesce(last_pairings.paired_until_on > registered.as_on, false) as is_paired,
    case
        when coalesce(last_pairings.paired_until_on > registered.as_on, false) then null
        else {{ days_between(
            "greatest(registered.registered_on, coalesce(last_pairings.paired_until_on, registered.registered_on))",
            "registered.as_on"
        ) }}
    end as unpaired_days
from registered
left join last_pairings
    on registered.as_on = last_pairings.as_on and registered.child_key = last_pairings.child_key
