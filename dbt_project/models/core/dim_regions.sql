-- the names above are those of the last day of a version: it was not split whenever the city above changed its name
with versions as (
    select
        r.region_code,
        r.region_name,
        r.level,
        r.parent_code,
        r.valid_from,
        r.valid_to,
        p.region_name as parent_name,
        p.parent_code as upper_code,
        p.valid_to as parent_to
    from {{ ref('regions') }} as r
    left join {{ ref('regions') }} as p
        on r.parent_code = p.region_code and p.valid_from < r.valid_to and r.valid_to <= p.valid_to
)

select
    v.region_code,
    v.region_name,
    v.level,
    v.parent_code as parent_region_code,
    concat_ws('/', u.region_name, v.parent_name, v.region_name) as region_path,
    v.valid_from,
    v.valid_to,
    v.valid_to = date '9999-12-31' as is_current
from versions as v
left join {{ ref('regions') }} as u
    on v.upper_code = u.region_code and u.valid_from < v.valid_to and v.valid_to <= u.valid_to
