-- living: at least one activity in the 90 days up to the day, the day included
with observed as (
    select
        dates.as_on,
        units.*
    from {{ ref('int_dates_reported') }} as dates
    inner join {{ ref('dim_org_units') }} as units
        on dates.as_on >= units.valid_from and dates.as_on < units.valid_to
    where units.known_to = timestamp '9999-12-31 00:00:00'
),

living as (
    select distinct
        dates.as_on,
        activities.unit_key
    from {{ ref('int_dates_reported') }} as dates
    inner join {{ ref('fct_unit_activities') }} as activities
        on activities.happened_on <= dates.as_on
        and activities.happened_on > {{ days_after('dates.as_on', '-90') }}
    where activities.unit_key is not null
)

select
    observed.as_on,
    observed.unit_key,
    observed.unit_name,
    observed.unit_kind,
    observed.home_kind,
    observed.leader_key,
    observed.leader_identity,
    observed.org_key,
    observed.village,
    observed.hamlet,
    observed.site,
    observed.members,
    observed.covered_women,
    observed.resident_women,
    observed.sender,
    living.unit_key is not null as is_living
from observed
left join living
    on observed.as_on = living.as_on and observed.unit_key = living.unit_key
