-- Base: the pairing's own organisation, so that sums over members are exact.
with due as (
    select
        org_key,
        month_on,
        count(*) as due_periods,
        count(*) filter (where is_met) as met_periods
    from {{ ref('int_visits_scheduled') }}
    group by org_key, month_on
),

exposed as (
    select
        org_key,
        month_on,
        sum(contacts) as contacts,
        sum(active_days) as exposed_days
    from {{ ref('int_exposures_measured') }}
    group by org_key, month_on
)

select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    months.month_on,
    months.as_on,
    months.is_complete,
    months.is_complete_quarter,
    cast(sum(coalesce(due.due_periods, 0)) as bigint) as due_periods,
    cast(sum(coalesce(due.met_periods, 0)) as bigint) as met_periods,
    cast(sum(exposed.contacts) as bigint) as contact_person_times,
    cast(sum(exposed.exposed_days) as bigint) as exposed_days,
    months.quarter_days
from exposed
inner join {{ ref('int_months_reported') }} as months
    on exposed.month_on = months.month_on
inner join {{ ref('int_organisations_rolled') }} as rolled
    on exposed.org_key = rolled.member_org_key
left join due
    on exposed.org_key = due.org_key and exposed.month_on = due.month_on
where rolled.is_children_level
group by
    rolled.org_key, rolled.org_name, rolled.org_level,
    months.month_on, months.as_on, months.is_complete, months.is_complete_quarter,
    months.quarter_days
