-- Eleven months stand for a year; fewer say nothing about whether the firm reached five million.
with firms as (
    select
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        yearly.firm_key,
        yearly.sales_year,
        least(make_date(yearly.sales_year, 12, 31), build.as_of_on) as stood_on,
        make_date(yearly.sales_year, 12, 31) <= build.as_of_on as is_closed_year,
        sum(yearly.sales_yuan) as sales_yuan,
        sum(yearly.restated_yuan) as restated_yuan,
        sum(yearly.employees) as employees,
        sum(yearly.sex_stated_employees) as sex_stated_employees,
        sum(yearly.female_employees) as female_employees,
        max(yearly.reported_months) >= 11 as is_measurable,
        max(yearly.rolling_months) >= 11 as is_rolling_measurable,
        sum(yearly.rolling_yuan) as rolling_yuan
    from {{ ref('int_firms_yearly') }} as yearly
    cross join {{ ref('int_build_dates') }} as build
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on yearly.org_key = rolled.member_org_key
    group by
        rolled.org_key, rolled.org_name, rolled.org_level, yearly.firm_key, yearly.sales_year, build.as_of_on
),

described as (
    select
        firms.*,
        coalesce(versions.is_women_brand, false) as is_women_brand,
        coalesce(versions.has_women_federation, false) as has_women_federation
    from firms
    left join {{ ref('dim_firms') }} as versions
        on
            firms.firm_key = versions.firm_key
            and versions.valid_from <= firms.stood_on
            and firms.stood_on < versions.valid_to
            and versions.known_to = timestamp '9999-12-31 00:00:00'
)

select
    org_key,
    org_name,
    org_level,
    sales_year,
    is_closed_year,
    count(*) as firms,
    case when is_closed_year then count(*) filter (where is_measurable) end as measurable_firms,
    case
        when is_closed_year and count(*) filter (where is_measurable) > 0
            then count(*) filter (where is_measurable and sales_yuan >= 5000000)
    end as qualified_firms,
    case
        when count(*) filter (where is_rolling_measurable) > 0
            then count(*) filter (where is_rolling_measurable and rolling_yuan >= 5000000)
    end as rolling_12m_qualified_firms,
    count(*) filter (where is_women_brand) as women_brand_firms,
    count(*) filter (where has_women_federation) as firms_with_federation,
    cast(sum(employees) as bigint) as practitioners,
    cast(sum(sex_stated_employees) as bigint) as sex_stated_practitioners,
    cast(sum(female_employees) as bigint) as female_practitioners,
    cast(sum(female_employees) as double) / nullif(sum(sex_stated_employees), 0) as female_share,
    cast(sum(sales_yuan) as decimal(18, 2)) as sales_yuan,
    cast(sum(restated_yuan) as decimal(18, 2)) as restated_yuan
from described
group by org_key, org_name, org_level, sales_year, is_closed_year
