-- Every item that a county's ledger of the year has is promised to every child of its register, listed or not.
with items as (
    select
        *,
        coalesce(county_org_key, org_key) as ledger_org_key
    from {{ ref('fct_care_items') }}
),

ledgers as (
    select distinct
        ledger_org_key,
        item_year,
        item_kind
    from items
),

-- of a child whom two counties list, both come from one row: a place in one and the ledger of the other fit nobody
listed as (
    select
        item_year,
        child_key,
        min_by(org_key, item_kind) as org_key,
        min_by(ledger_org_key, item_kind) as ledger_org_key
    from items
    group by item_year, child_key
),

ever_registered as (
    select distinct child_key
    from {{ ref('dim_children') }}
    where known_to = timestamp '9999-12-31 00:00:00'
),

children as (
    select
        coalesce(listed.item_year, registered.item_year) as item_year,
        coalesce(listed.child_key, registered.child_key) as child_key,
        coalesce(listed.org_key, registered.org_key) as org_key,
        coalesce(listed.ledger_org_key, registered.ledger_org_key) as ledger_org_key,
        listed.child_key is not null as is_listed,
        registered.registered_days
    from listed
    full outer join {{ ref('int_care_item_registrations') }} as registered
        on listed.item_year = registered.item_year and listed.child_key = registered.child_key
)

select
    children.item_year,
    children.child_key,
    children.org_key,
    ledgers.item_kind,
    children.is_listed,
    -- a child whom no register knows counts as her county lists her
    coalesce(children.registered_days >= 90, ever_registered.child_key is null) as is_eligible,
    coalesce(items.is_done, false) as is_done,
    coalesce(items.is_exempt, false) as is_exempt
from children
inner join ledgers
    on children.ledger_org_key = ledgers.ledger_org_key and children.item_year = ledgers.item_year
left join ever_registered
    on children.child_key = ever_registered.child_key
left join items
    on children.item_year = items.item_year and children.child_key = items.child_key
    and ledgers.item_kind = items.item_kind
