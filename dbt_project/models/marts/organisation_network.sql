with kinds as (
    select
        org_key,
        as_on,
        unit_kind
    from {{ ref('int_units_counted') }}
    union
    select
        org_key,
        as_on,
        unit_kind
    from {{ ref('int_unit_events_counted') }}
),

organisations as (
    select distinct
        org_key,
        org_name,
        org_level
    from {{ ref('int_organisations_rolled') }}
)

select
    kinds.org_key,
    organisations.org_name,
    organisations.org_level,
    kinds.as_on,
    dates.month_on,
    dates.is_month_end,
    dates.is_latest,
    kinds.unit_kind,
    coalesce(units.units, 0) as units,
    coalesce(events.founded_units, 0) as founded_units,
    coalesce(units.living_units, 0) as living_units,
    cast(units.living_units as double) / nullif(units.units, 0) as living_share,
    units.members,
    units.covered_women,
    coalesce(events.activity_events, 0) as activity_events,
    coalesce(events.activity_person_times, 0) as activity_person_times,
    coalesce(units.leaders, 0) as leaders,
    coalesce(units.executive_member_leaders, 0) as executive_member_leaders,
    coalesce(units.home_kinds, 0) as home_kinds,
    coalesce(places.most_units_on_one_site, 0) as most_units_on_one_site,
    coalesce(places.most_units_in_one_hamlet, 0) as most_units_in_one_hamlet,
    places.covered_women_of_that_hamlet,
    places.resident_women_of_that_hamlet,
    cast(places.covered_women_of_that_hamlet as double) / nullif(places.resident_women_of_that_hamlet, 0)
        as coverage_share_of_that_hamlet,
    case when kinds.unit_kind = 'micro_home' then coalesce(streamers.streamers_born_in_90s, 0) end
        as streamers_born_in_90s
from kinds
inner join organisations
    on kinds.org_key = organisations.org_key
inner join {{ ref('int_dates_reported') }} as dates
    on kinds.as_on = dates.as_on
left join {{ ref('int_units_counted') }} as units
    on kinds.org_key = units.org_key and kinds.as_on = units.as_on and kinds.unit_kind = units.unit_kind
left join {{ ref('int_unit_events_counted') }} as events
    on kinds.org_key = events.org_key and kinds.as_on = events.as_on and kinds.unit_kind = events.unit_kind
left join {{ ref('int_unit_places_counted') }} as places
    on kinds.org_key = places.org_key and kinds.as_on = places.as_on and kinds.unit_kind = places.unit_kind
left join {{ ref('int_unit_streamers_counted') }} as streamers
    on kinds.org_key = streamers.org_key and kinds.as_on = streamers.as_on and kinds.unit_kind = streamers.unit_kind
