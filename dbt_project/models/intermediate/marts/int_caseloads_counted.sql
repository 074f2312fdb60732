-- Counted again at every organisation: one volunteer may care for children of two counties.
with caseloads as (
    select
        rolled.org_key,
        dates.as_on,
        pairings.volunteer_key,
        max_by(pairings.volunteer_level, concat_ws('/', pairings.valid_from, pairings.pairing_key)) as volunteer_level,
        count(distinct case when pairings.role = 'primary' then pairings.child_key end) as children
    from {{ ref('int_dates_reported') }} as dates
    inner join {{ ref('fct_pairings') }} as pairings
        on dates.as_on >= pairings.valid_from and dates.as_on < pairings.valid_to
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on pairings.org_key = rolled.member_org_key
    where rolled.is_children_level and pairings.known_to = timestamp '9999-12-31 00:00:00'
    group by rolled.org_key, dates.as_on, pairings.volunteer_key
)

select
    org_key,
    as_on,
    count(*) as active_volunteers,
    cast(sum(children) as bigint) as active_pairings,
    count(distinct volunteer_level) as volunteer_levels,
    max(children) as max_caseload,
    count(*) filter (where children = 0) as volunteers_assisting,
    count(*) filter (where children = 1) as volunteers_1,
    count(*) filter (where children between 2 and 3) as volunteers_2_3,
    count(*) filter (where children between 4 and 6) as volunteers_4_6,
    count(*) filter (where children between 7 and 10) as volunteers_7_10,
    count(*) filter (where children > 10) as volunteers_over_10
from caseloads
group by org_key, as_on
