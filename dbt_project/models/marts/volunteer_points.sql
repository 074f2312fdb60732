with months as (
    select
        org_key,
        org_name,
        org_level,
        month_on
    from {{ ref('int_points_counted') }}
    union
    select
        org_key,
        org_name,
        org_level,
        awarded_month_on
    from {{ ref('int_honours_counted') }}
)

select
    months.org_key,
    months.org_name,
    months.org_level,
    months.month_on,
    coalesce(points.earned_points, 0) as earned_points,
    coalesce(points.reversed_points, 0) as reversed_points,
    coalesce(points.counted_points, 0) as counted_points,
    coalesce(points.volunteers_with_points, 0) as volunteers_with_points,
    coalesce(points.volunteers_1_10, 0) as volunteers_1_10,
    coalesce(points.volunteers_11_30, 0) as volunteers_11_30,
    coalesce(points.volunteers_31_60, 0) as volunteers_31_60,
    coalesce(points.volunteers_over_60, 0) as volunteers_over_60,
    cast(year(months.month_on) as integer) as edition_year,
    coalesce(honours.honoured_persons, 0) as honoured_persons
from months
left join {{ ref('int_points_counted') }} as points
    on months.org_key = points.org_key and months.month_on = points.month_on
left join {{ ref('int_honours_counted') }} as honours
    on months.org_key = honours.org_key and year(months.month_on) = honours.edition_year
