select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    activities.month_on,
    activities.activity_kind,
    count(*) as activity_events,
    cast(sum(activities.child_person_times) as bigint) as child_person_times,
    cast(sum(activities.guardian_person_times) as bigint) as guardian_person_times,
    count(*) filter (where activities.has_contact) as contact_events,
    count(*) filter (where activities.entry_days <= 3) as entered_in_time_events,
    cast(count(*) filter (where activities.entry_days <= 3) as double) / nullif(count(*), 0) as entered_in_time_share,
    count(*) filter (where activities.entry_days between 4 and 5) as entered_4_5_days_events,
    count(*) filter (where activities.entry_days between 6 and 14) as entered_6_14_days_events,
    count(*) filter (where activities.entry_days between 15 and 30) as entered_15_30_days_events,
    count(*) filter (where activities.entry_days between 31 and 90) as entered_31_90_days_events,
    count(*) filter (where activities.entry_days > 90) as entered_over_90_days_events,
    count(*) filter (where activities.is_late) as late_events
from {{ ref('int_activities_timed') }} as activities
inner join {{ ref('int_organisations_rolled') }} as rolled
    on activities.org_key = rolled.member_org_key
where rolled.is_children_level
group by rolled.org_key, rolled.org_name, rolled.org_level, activities.month_on, activities.activity_kind
