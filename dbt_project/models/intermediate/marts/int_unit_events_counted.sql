-- what happened in the month up to the day: foundings and activities
with founded as (
    select
        unit_key,
        max_by(org_key, valid_from) as org_key,
        max_by(unit_kind, valid_from) as unit_kind,
        max_by(founded_on, valid_from) as founded_on
    from {{ ref('dim_org_units') }}
    where known_to = timestamp '9999-12-31 00:00:00'
    group by unit_key
),

events as (
    select
        org_key,
        unit_kind,
        founded_on as happened_on,
        1 as founded_units,
        0 as activity_events,
        0 as person_times
    from founded
    where founded_on is not null
    union all
    select
        org_key,
        coalesce(unit_kind, 'unassigned') as unit_kind,
        happened_on,
        0 as founded_units,
        1 as activity_events,
        coalesce(person_times, 0) as person_times
    from {{ ref('fct_unit_activities') }}
)

select
    rolled.org_key,
    dates.as_on,
    events.unit_kind,
    cast(sum(events.founded_units) as bigint) as founded_units,
    cast(sum(events.activity_events) as bigint) as activity_events,
    cast(sum(events.person_times) as bigint) as activity_person_times
from events
inner join {{ ref('int_dates_reported') }} as dates
    on date_trunc('month', events.happened_on) = dates.month_on and events.happened_on <= dates.as_on
inner join {{ ref('int_organisations_rolled') }} as rolled
    on events.org_key = rolled.member_org_key
group by rolled.org_key, dates.as_on, events.unit_kind
