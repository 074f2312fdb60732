-- what an organisation could order: the catalogue of its programme, whoever keeps it
with catalogues as (
    select
        coalesce(programme_key, 'unassigned') as programme_key,
        catalogue_year as demand_year,
        category,
        count(distinct course_key) as courses
    from {{ ref('dim_courses') }}
    group by programme_key, catalogue_year, category
),

districts as (
    select distinct
        rolled.org_key,
        coalesce(courses.programme_key, 'unassigned') as programme_key,
        courses.catalogue_year as demand_year
    from {{ ref('dim_courses') }} as courses
    inner join {{ ref('bridge_organisation_closure') }} as closure
        on courses.org_key = closure.ancestor_org_key
    inner join {{ ref('int_lecture_districts') }} as planned
        on closure.descendant_org_key = planned.org_key and courses.catalogue_year = planned.plan_year
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on planned.org_key = rolled.member_org_key
)

select
    districts.org_key,
    catalogues.programme_key,
    catalogues.demand_year,
    catalogues.category,
    catalogues.courses
from districts
inner join catalogues
    on districts.programme_key = catalogues.programme_key and districts.demand_year = catalogues.demand_year
