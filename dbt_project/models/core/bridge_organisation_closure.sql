select
    ancestor_org_key,
    descendant_org_key,
    distance
from {{ ref('int_organisation_closure') }}
where known_to = timestamp '9999-12-31 00:00:00'
