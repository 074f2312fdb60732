-- every organisation and year of which a catalogue, an order, a lecture or a target tells
with told as (
    select org_key, plan_year
    from {{ ref('int_catalogues_counted') }}
    union
    select org_key, plan_year
    from {{ ref('int_lecture_orders_counted') }}
    union
    select org_key, plan_year
    from {{ ref('int_lectures_counted') }}
    union
    select org_key, cast(target_year as integer) as plan_year
    from {{ ref('fct_targets') }}
    where kpi in ('lectures_held', 'districts_covered')
),

organisations as (
    select distinct org_key, org_name, org_level
    from {{ ref('int_organisations_rolled') }}
),

open_districts as (
    select
        rolled.org_key,
        districts.plan_year,
        count(distinct districts.org_key) as districts
    from {{ ref('int_lecture_districts') }} as districts
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on districts.org_key = rolled.member_org_key
    group by rolled.org_key, districts.plan_year
)

select
    told.org_key,
    organisations.org_name,
    organisations.org_level,
    told.plan_year,
    open_districts.districts as open_districts
from told
inner join organisations
    on told.org_key = organisations.org_key
left join open_districts
    on told.org_key = open_districts.org_key and told.plan_year = open_districts.plan_year
