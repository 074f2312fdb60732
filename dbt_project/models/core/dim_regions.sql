with current_organisations as (
    select
        o.region_code,
        o.place_name,
        o.level,
        p.region_code as parent_region_code,
        row_number() over (partition by o.region_code order by o.org_key nulls last) as nth
    from {{ ref('dim_organisations') }} as o
    left join {{ ref('dim_organisations') }} as p
        on o.parent_org_key = p.org_key
        and p.valid_to = date '9999-12-31' and p.known_to = timestamp '9999-12-31 00:00:00'
    where o.valid_to = date '9999-12-31' and o.known_to = timestamp '9999-12-31 00:00:00'
        and o.region_code is not null
)

select
    region_code,
    place_name as region_name,
    level,
    nullif(parent_region_code, region_code) as parent_region_code
from current_organisations
where nth = 1
