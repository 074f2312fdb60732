-- The places have no code and no name here: only how many units the fullest of them has, and whom those reach.
-- Every village has its 村党群服务中心: one site is what bears one name within one township.
with sites as (
    select
        rolled.org_key,
        units.as_on,
        units.unit_kind,
        count(*) as units
    from {{ ref('int_units_observed') }} as units
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on units.org_key = rolled.member_org_key
    where units.site is not null
    group by rolled.org_key, units.as_on, units.unit_kind, units.org_key, units.site
),

hamlets as (
    select
        rolled.org_key,
        units.as_on,
        units.unit_kind,
        count(*) as units,
        max(units.covered_women) as covered_women,
        max(units.resident_women) as resident_women,
        row_number() over (
            partition by rolled.org_key, units.as_on, units.unit_kind
            order by
                count(*) desc nulls last, units.org_key asc nulls last, units.village asc nulls last,
                units.hamlet asc nulls last
        ) as nth_fullest
    from {{ ref('int_units_observed') }} as units
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on units.org_key = rolled.member_org_key
    where units.hamlet is not null
    group by rolled.org_key, units.as_on, units.unit_kind, units.org_key, units.village, units.hamlet
),

fullest_sites as (
    select
        org_key,
        as_on,
        unit_kind,
        max(units) as units
    from sites
    group by org_key, as_on, unit_kind
)

-- without lists of members nobody knows who is covered twice: the widest of the units stands for all of them
select
    coalesce(sites.org_key, hamlets.org_key) as org_key,
    coalesce(sites.as_on, hamlets.as_on) as as_on,
    coalesce(sites.unit_kind, hamlets.unit_kind) as unit_kind,
    sites.units as most_units_on_one_site,
    hamlets.units as most_units_in_one_hamlet,
    least(hamlets.covered_women, hamlets.resident_women) as covered_women_of_that_hamlet,
    hamlets.resident_women as resident_women_of_that_hamlet
from fullest_sites as sites
full outer join (select * from hamlets where nth_fullest = 1) as hamlets
    on sites.org_key = hamlets.org_key and sites.as_on = hamlets.as_on and sites.unit_kind = hamlets.unit_kind
