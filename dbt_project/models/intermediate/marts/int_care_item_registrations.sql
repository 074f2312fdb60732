-- How long a child stood in the register in a year of the ledgers, up to the day of the build.
with years as (
    select distinct item_year
    from {{ ref('fct_care_items') }}
)

select
    years.item_year,
    children.child_key,
    max_by(children.org_key, children.valid_from) as org_key,
    max_by(coalesce(children.county_org_key, children.org_key), children.valid_from) as ledger_org_key,
    sum({{ days_between(
        "greatest(children.valid_from, make_date(years.item_year, 1, 1))",
        "least(children.valid_to, make_date(years.item_year + 1, 1, 1), " ~ days_after('build.as_of_on', '1') ~ ")"
    ) }}) as registered_days
from years
cross join {{ ref('int_build_dates') }} as build
inner join {{ ref('dim_children') }} as children
    on children.valid_from < make_date(years.item_year + 1, 1, 1)
    and children.valid_to > make_date(years.item_year, 1, 1)
    and children.valid_from <= build.as_of_on
where children.status = 'active' and children.known_to = timestamp '9999-12-31 00:00:00'
group by years.item_year, children.child_key
