select
    children.org_key,
    children.org_name,
    children.org_level,
    children.as_on,
    children.month_on,
    children.is_month_end,
    children.is_latest,
    children.registered_children,
    children.paired_children,
    children.unpaired_children,
    cast(children.paired_children as double) / nullif(children.registered_children, 0) as coverage_share,
    children.unpaired_past_grace_children,
    children.unpaired_past_grace_children = 0 as is_fully_paired,
    cast(children.oldest_unpaired_days as bigint) as oldest_unpaired_days,
    coalesce(caseloads.active_volunteers, 0) as active_volunteers,
    coalesce(caseloads.active_pairings, 0) as active_pairings,
    cast(caseloads.active_pairings as double) / nullif(caseloads.active_volunteers, 0) as children_per_volunteer,
    coalesce(caseloads.volunteer_levels, 0) as volunteer_levels,
    coalesce(caseloads.max_caseload, 0) as max_caseload,
    coalesce(caseloads.volunteers_assisting, 0) as volunteers_assisting,
    coalesce(caseloads.volunteers_1, 0) as volunteers_1,
    coalesce(caseloads.volunteers_2_3, 0) as volunteers_2_3,
    coalesce(caseloads.volunteers_4_6, 0) as volunteers_4_6,
    coalesce(caseloads.volunteers_7_10, 0) as volunteers_7_10,
    coalesce(caseloads.volunteers_over_10, 0) as volunteers_over_10
from {{ ref('int_children_counted') }} as children
left join {{ ref('int_caseloads_counted') }} as caseloads
    on children.org_key = caseloads.org_key and children.as_on = caseloads.as_on
