{{ config(severity='warn') }}
-- A code that is in no list of divisions is a typing mistake, or a statistical zone: such an area has no code.
select org_key, region_code
from {{ ref('dim_organisations') }}
where known_to = timestamp '9999-12-31 00:00:00' and valid_to = date '9999-12-31'
    and level in ('province', 'city', 'county')
    and region_code not in (select region_code from {{ ref('dim_regions') }})
