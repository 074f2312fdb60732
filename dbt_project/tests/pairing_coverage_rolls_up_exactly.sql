-- P1-01: on every day shown, what the organisations without anybody above them count is every registered child that has
-- an organisation and whose programme pairs children, each once.
with facts as (
    select dates.as_on, count(distinct children.child_key) as registered_children
    from {{ ref('int_dates_reported') }} as dates
    inner join {{ ref('dim_children') }} as children
        on children.valid_from <= dates.as_on and dates.as_on < children.valid_to
    left join {{ ref('programmes') }} as programmes
        on children.programme_key = programmes.programme_key
    where children.status = 'active'
        and children.org_key is not null
        and {{ keeps_ledger('pairings', 'programmes') }}
        and children.known_to = timestamp '9999-12-31 00:00:00'
        and (children.birth_year is null or year(dates.as_on) <= children.birth_year + 18)
    group by dates.as_on
),

top as (
    select as_on, sum(registered_children) as registered_children
    from {{ ref('pairing_coverage') }}
    where org_key not in (select descendant_org_key from {{ ref('bridge_organisation_closure') }} where distance > 0)
    group by as_on
)

select facts.as_on, facts.registered_children, top.registered_children as rolled_children
from facts
full outer join top on facts.as_on = top.as_on
where facts.registered_children is distinct from cast(top.registered_children as bigint)
