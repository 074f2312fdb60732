select
    visits.org_key,
    visits.org_name,
    visits.org_level,
    visits.month_on,
    visits.as_on,
    visits.is_complete,
    visits.met_periods,
    visits.due_periods,
    cast(visits.met_periods as double) / nullif(visits.due_periods, 0) as met_share,
    coalesce(overdue.overdue_pairings, 0) as overdue_pairings,
    coalesce(overdue.active_pairings, 0) as active_pairings,
    cast(overdue.overdue_pairings as double) / nullif(overdue.active_pairings, 0) as overdue_share,
    coalesce(overdue.overdue_volunteers, 0) as overdue_volunteers,
    visits.contact_person_times,
    visits.exposed_days,
    cast(visits.exposed_days as double) / visits.quarter_days as child_quarters,
    cast(visits.contact_person_times as double) * visits.quarter_days / nullif(visits.exposed_days, 0)
        as visits_per_child_quarter,
    case when visits.is_complete_quarter then coalesce(contactless.zero_contact_children, 0) end
        as zero_contact_children,
    case when visits.is_complete_quarter then coalesce(contactless.exposed_children, 0) end as exposed_children,
    cast(contactless.zero_contact_children as double) / nullif(contactless.exposed_children, 0) as zero_contact_share
from {{ ref('int_visits_counted') }} as visits
left join {{ ref('int_overdue_counted') }} as overdue
    on visits.org_key = overdue.org_key and visits.month_on = overdue.month_on
left join {{ ref('int_contactless_counted') }} as contactless
    on visits.org_key = contactless.org_key and visits.month_on = contactless.month_on
