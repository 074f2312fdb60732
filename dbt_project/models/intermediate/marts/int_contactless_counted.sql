-- A child met by anybody in the quarter is not contactless, whoever she is paired with (P1-06).
with exposed as (
    select
        exposures.child_key,
        months.month_on,
        months.as_on,
        months.quarter_on
    from {{ ref('int_exposures_measured') }} as exposures
    inner join {{ ref('int_months_reported') }} as months
        on exposures.quarter_on = months.quarter_on
    where months.is_complete_quarter
    group by exposures.child_key, months.month_on, months.as_on, months.quarter_on
    having sum(exposures.active_days) >= 30
),

judged as (
    select
        exposed.child_key,
        exposed.month_on,
        children.org_key,
        count(contacts.happened_on) > 0 as is_contacted
    from exposed
    inner join {{ ref('int_children_observed') }} as children
        on exposed.child_key = children.child_key and exposed.as_on = children.as_on
    left join {{ ref('int_contacts_dated') }} as contacts
        on
            exposed.child_key = contacts.child_key
            and exposed.quarter_on <= contacts.happened_on
            and exposed.as_on >= contacts.happened_on
    group by exposed.child_key, exposed.month_on, children.org_key
)

select
    rolled.org_key,
    judged.month_on,
    count(distinct judged.child_key) as exposed_children,
    count(distinct case when not judged.is_contacted then judged.child_key end) as zero_contact_children
from judged
inner join {{ ref('int_organisations_rolled') }} as rolled
    on judged.org_key = rolled.member_org_key
where rolled.is_children_level
group by rolled.org_key, judged.month_on
