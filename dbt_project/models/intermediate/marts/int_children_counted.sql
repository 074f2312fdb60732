select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    dates.as_on,
    dates.month_on,
    dates.is_month_end,
    dates.is_latest,
    count(distinct children.child_key) as registered_children,
    count(distinct case when children.is_paired then children.child_key end) as paired_children,
    count(distinct case when not children.is_paired then children.child_key end) as unpaired_children,
    max(children.unpaired_days) as oldest_unpaired_days,
    -- 15 days of grace: a child that came onto the register last week may still be unpaired (P1-02).
    count(*) filter (
        where not children.is_paired and {{ days_between('children.registered_on', 'children.as_on') }} >= 15
    ) as unpaired_past_grace_children
from {{ ref('int_children_observed') }} as children
inner join {{ ref('int_dates_reported') }} as dates
    on children.as_on = dates.as_on
inner join {{ ref('int_organisations_rolled') }} as rolled
    on children.org_key = rolled.member_org_key
where rolled.is_children_level
group by
    rolled.org_key, rolled.org_name, rolled.org_level,
    dates.as_on, dates.month_on, dates.is_month_end, dates.is_latest
