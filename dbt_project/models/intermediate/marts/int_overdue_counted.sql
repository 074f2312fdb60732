-- Without any contact the first cadence holds, however old the pairing; afterwards the one of its age (P1-07).
with cadences as (
    select
        valid_from,
        valid_to,
        from_days,
        to_days,
        cadence_days,
        min(to_days) over (partition by valid_from) as first_to_days
    from {{ ref('visit_cadences') }}
),

judged as (
    select
        exposures.month_on,
        exposures.pairing_key,
        exposures.volunteer_key,
        exposures.org_key,
        exposures.waiting_days > cadences.cadence_days as is_overdue
    from {{ ref('int_exposures_measured') }} as exposures
    inner join cadences
        on
            case
                when exposures.last_contact_on is null then 0
                else greatest(exposures.age_days, cadences.first_to_days)
            end >= cadences.from_days
            and case
                when exposures.last_contact_on is null then 0
                else greatest(exposures.age_days, cadences.first_to_days)
            end < cadences.to_days
            and exposures.as_on >= cadences.valid_from
            and exposures.as_on < cadences.valid_to
    where exposures.is_active
)

select
    rolled.org_key,
    judged.month_on,
    count(*) as active_pairings,
    count(*) filter (where judged.is_overdue) as overdue_pairings,
    count(distinct case when judged.is_overdue then judged.volunteer_key end) as overdue_volunteers
from judged
inner join {{ ref('int_organisations_rolled') }} as rolled
    on judged.org_key = rolled.member_org_key
where rolled.is_children_level
group by rolled.org_key, judged.month_on
