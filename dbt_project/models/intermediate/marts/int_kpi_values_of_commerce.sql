-- What is reached by the end of each month; a firm qualifies by the last year that has ended.
select
    firms.org_key,
    dates.month_on,
    'qualified_firms' as kpi,
    cast(firms.qualified_firms as double) as numerator,
    cast(null as double) as denominator,
    cast(firms.qualified_firms as double) as value
from {{ ref('firm_sales') }} as firms
inner join {{ ref('int_dates_reported') }} as dates
    on firms.sales_year = year({{ days_after('dates.as_on', '1') }}) - 1
where firms.is_closed_year
union all
select
    org_key,
    month_on,
    'cultivated_streamers' as kpi,
    cast(streamers as double) as numerator,
    cast(null as double) as denominator,
    cast(streamers as double) as value
from {{ ref('int_streamers_cultivated') }}
union all
select
    org_key,
    month_on,
    'trained_persons' as kpi,
    cast(persons as double) as numerator,
    cast(null as double) as denominator,
    cast(persons as double) as value
from {{ ref('int_practitioners_trained') }}
