-- Why a child's pairing ends when the child leaves (of age, moved, care restored, off the register) says nothing about
-- the pairing: censored. Every other end counts against it, also one without a reason, so that silence never flatters.
with ended as (
    select
        pairings.org_key,
        pairings.pairing_key,
        pairings.valid_from,
        least(pairings.valid_to, build.as_of_on) as lived_until_on,
        build.as_of_on,
        pairings.valid_to <= build.as_of_on as is_ended,
        coalesce(pairings.end_reason in ('came_of_age', 'moved_away', 'care_restored'), false)
        or (
            pairings.end_reason is null
            and exists (
                select 1
                from {{ ref('dim_children') }} as children
                where
                    children.child_key = pairings.child_key
                    and children.status = 'closed'
                    and children.valid_from <= pairings.valid_to
                    and children.valid_to > pairings.valid_to
                    and children.known_to = timestamp '9999-12-31 00:00:00'
            )
        ) as is_child_gone
    from {{ ref('fct_pairings') }} as pairings
    inner join {{ ref('int_build_dates') }} as build
        on pairings.valid_from <= build.as_of_on
    where pairings.role = 'primary' and pairings.known_to = timestamp '9999-12-31 00:00:00'
)

select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    ended.pairing_key,
    make_date(year(ended.valid_from), case when month(ended.valid_from) <= 6 then 1 else 7 end, 1) as cohort_on,
    ended.as_of_on,
    {{ days_between('ended.valid_from', 'ended.lived_until_on') }} as lived_days,
    ended.is_ended and not ended.is_child_gone as is_event
from ended
inner join {{ ref('int_organisations_rolled') }} as rolled
    on ended.org_key = rolled.member_org_key
where rolled.is_children_level
