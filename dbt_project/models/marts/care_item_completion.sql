with promised as (
    select
        item_year,
        child_key,
        org_key,
        item_kind,
        is_listed,
        is_eligible,
        is_done,
        is_exempt
    from {{ ref('int_care_items_promised') }}
    union all
    -- all: every item that applies to her is done; exempt is who needs none of them
    select
        item_year,
        child_key,
        org_key,
        'all' as item_kind,
        bool_or(is_listed) as is_listed,
        bool_or(is_eligible) as is_eligible,
        bool_or(is_done) and bool_and(is_done or is_exempt) as is_done,
        bool_and(is_exempt) as is_exempt
    from {{ ref('int_care_items_promised') }}
    group by item_year, child_key, org_key
),

counted as (
    select
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        cast(promised.item_year as integer) as item_year,
        promised.item_kind,
        count(*) filter (where promised.is_eligible) as eligible_children,
        count(*) filter (where promised.is_eligible and promised.is_exempt) as exempt_children,
        count(*) filter (where promised.is_eligible and not promised.is_exempt) as due_children,
        count(*) filter (where promised.is_eligible and promised.is_done) as done_children,
        count(*) filter (where promised.is_eligible and not promised.is_listed) as unlisted_children,
        count(*) filter (where not promised.is_eligible) as ineligible_children
    from promised
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on promised.org_key = rolled.member_org_key
    where rolled.is_children_level
    group by rolled.org_key, rolled.org_name, rolled.org_level, promised.item_year, promised.item_kind
)

select
    counted.org_key,
    counted.org_name,
    counted.org_level,
    counted.item_year,
    least(build.as_of_on, make_date(counted.item_year, 12, 31)) as as_on,
    counted.item_kind,
    counted.eligible_children,
    counted.exempt_children,
    counted.due_children,
    counted.done_children,
    cast(counted.done_children as double) / nullif(counted.due_children, 0) as completion_share,
    counted.unlisted_children,
    counted.ineligible_children
from counted
cross join {{ ref('int_build_dates') }} as build
