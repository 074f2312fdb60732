-- The plan of a year covers the counties and functional areas that were open in it, below whoever keeps the catalogue
-- or reports the lectures.
with areas as (
    select distinct org_key, catalogue_year as plan_year
    from {{ ref('dim_courses') }}
    union
    select distinct org_key, cast(year(lectured_on) as integer) as plan_year
    from {{ ref('fct_lectures') }}
)

select distinct
    areas.plan_year,
    districts.org_key
from areas
inner join {{ ref('bridge_organisation_closure') }} as closure
    on areas.org_key = closure.ancestor_org_key
inner join {{ ref('dim_organisations') }} as districts
    on closure.descendant_org_key = districts.org_key
where districts.level in ('county', 'functional_area')
    and districts.known_to = timestamp '9999-12-31 00:00:00'
    and districts.valid_from <= make_date(areas.plan_year, 12, 31)
    and districts.valid_to > make_date(areas.plan_year, 1, 1)
