-- several senders report one fair under one number: it is the same number within one province
with above as (
    select
        closure.descendant_org_key as org_key,
        max(closure.ancestor_org_key) as area_org_key
    from {{ ref('int_organisation_closure') }} as closure
    inner join {{ ref('int_organisations_known') }} as organisations
        on closure.ancestor_org_key = organisations.org_key and closure.known_from = organisations.known_from
    where organisations.level = 'province' and organisations.known_to = timestamp '9999-12-31 00:00:00'
    group by closure.descendant_org_key
)

select
    organisations.org_key,
    coalesce(above.area_org_key, organisations.org_key) as fair_area_org_key
from {{ ref('int_organisations_known') }} as organisations
left join above
    on organisations.org_key = above.org_key
where organisations.known_to = timestamp '9999-12-31 00:00:00'
