select
    rolled.org_key,
    units.as_on,
    units.unit_kind,
    count(*) as units,
    count(*) filter (where units.is_living) as living_units,
    cast(sum(units.members) as bigint) as members,
    cast(sum(units.covered_women) as bigint) as covered_women,
    count(distinct units.leader_key) as leaders,
    count(distinct case when units.leader_identity = 'executive_member' then units.leader_key end)
        as executive_member_leaders,
    count(distinct units.home_kind) as home_kinds
from {{ ref('int_units_observed') }} as units
inner join {{ ref('int_organisations_rolled') }} as rolled
    on units.org_key = rolled.member_org_key
group by rolled.org_key, units.as_on, units.unit_kind
