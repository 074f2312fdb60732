-- Townships and villages are members only: until disclosure control exists, nothing is published below the county.
with organisations as (
    select
        org_key,
        max_by(org_name, valid_from) as org_name,
        max_by(level, valid_from) as org_level
    from {{ ref('dim_organisations') }}
    where known_to = timestamp '9999-12-31 00:00:00'
    group by org_key
)

select
    organisations.org_key,
    organisations.org_name,
    organisations.org_level,
    closure.descendant_org_key as member_org_key,
    organisations.org_level in ('nation', 'province', 'city', 'county') as is_children_level
from organisations
inner join {{ ref('bridge_organisation_closure') }} as closure
    on organisations.org_key = closure.ancestor_org_key
where organisations.org_level in ('nation', 'province', 'city', 'county', 'functional_area', 'foundation')
union all
-- senders that stand in no table of organisations: what they sent is shown, and added to nobody's figures
select
    'unassigned' as org_key,
    '未列入机构表' as org_name,
    'unassigned' as org_level,
    'unassigned' as member_org_key,
    false as is_children_level
