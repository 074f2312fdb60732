{{ config(severity='warn') }}
-- An organisation whose superior is missing from the table counts beside the nation instead of within it.
select descendant_org_key
from {{ ref('bridge_organisation_closure') }}
group by descendant_org_key
having max(distance) = 0
    and descendant_org_key not in (select org_key from {{ ref('dim_organisations') }} where level = 'nation')
    and exists (select 1 from {{ ref('dim_organisations') }} where level = 'nation')
