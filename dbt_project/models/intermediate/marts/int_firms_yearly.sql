-- A firm's employees stand on each of its platforms' rows: they are one number, that of the newest month sent.
with months as (
    select
        sales.org_key,
        sales.firm_key,
        sales.sales_month,
        cast(year(sales.sales_month) as integer) as sales_year,
        sum(sales.sales_yuan) as sales_yuan,
        sum(abs(sales.sales_yuan - sales.first_sales_yuan)) as restated_yuan,
        max(sales.employees) as employees,
        max(case when sales.female_employees is not null then sales.employees end) as sex_stated_employees,
        max(sales.female_employees) as female_employees
    from {{ ref('fct_ecommerce_sales') }} as sales
    cross join {{ ref('int_build_dates') }} as build
    where sales.sales_month <= build.as_of_on
    group by sales.org_key, sales.firm_key, sales.sales_month
),

newest as (
    select
        org_key,
        sales_year,
        max(sales_month) as newest_month_on
    from months
    group by org_key, sales_year
),

rolling as (
    select
        months.org_key,
        months.firm_key,
        newest.sales_year,
        count(months.sales_yuan) as rolling_months,
        sum(months.sales_yuan) as rolling_yuan
    from newest
    inner join months
        on
            newest.org_key = months.org_key
            and months.sales_month > {{ months_after('newest.newest_month_on', '-12') }}
            and months.sales_month <= newest.newest_month_on
    group by months.org_key, months.firm_key, newest.sales_year
)

select
    months.org_key,
    months.firm_key,
    months.sales_year,
    count(months.sales_yuan) as reported_months,
    sum(months.sales_yuan) as sales_yuan,
    sum(months.restated_yuan) as restated_yuan,
    max(case when months.sales_month = newest.newest_month_on then months.employees end) as employees,
    max(case when months.sales_month = newest.newest_month_on then months.sex_stated_employees end)
        as sex_stated_employees,
    max(case when months.sales_month = newest.newest_month_on then months.female_employees end) as female_employees,
    max(rolling.rolling_months) as rolling_months,
    max(rolling.rolling_yuan) as rolling_yuan
from months
inner join newest
    on months.org_key = newest.org_key and months.sales_year = newest.sales_year
left join rolling
    on
        months.org_key = rolling.org_key
        and months.firm_key = rolling.firm_key
        and months.sales_year = rolling.sales_year
group by months.org_key, months.firm_key, months.sales_year
