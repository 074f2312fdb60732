with units as (
    select distinct
        unit_key,
        sender,
        unit_name,
        unit_kind,
        org_key
    from {{ ref('dim_org_units') }}
    where known_to = timestamp '9999-12-31 00:00:00'
),

-- what the record leaves out may be left open; only one unit that fits is an answer
fitting as (
    select
        activities.sender,
        activities.activity_id,
        min(units.unit_key) as unit_key,
        min(units.unit_kind) as unit_kind
    from {{ ref('int_unit_activities_newest') }} as activities
    inner join units
        on activities.sender = units.sender and activities.unit_name = units.unit_name
        and (activities.unit_kind is null or activities.unit_kind = units.unit_kind)
        and (activities.township is null or activities.org_key = units.org_key)
    group by activities.sender, activities.activity_id
    having count(distinct units.unit_key) = 1
)

select
    {{ row_key(['activities.sender', 'activities.activity_id']) }} as activity_key,
    activities.activity_id,
    fitting.unit_key,
    activities.unit_name,
    coalesce(activities.unit_kind, fitting.unit_kind) as unit_kind,
    activities.org_key,
    activities.programme_key,
    activities.happened_on,
    activities.theme,
    activities.service_kind,
    activities.person_times,
    activities.sender,
    activities.delivery_id,
    activities.sheet_no,
    activities.row_no
from {{ ref('int_unit_activities_newest') }} as activities
left join fitting
    on activities.sender = fitting.sender and activities.activity_id = fitting.activity_id
