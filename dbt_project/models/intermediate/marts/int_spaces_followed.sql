-- every month of a space from its first report until the newest month that anybody reported on
with spaces as (
    select space_key, org_key, min(report_month) as first_on
    from {{ ref('fct_space_reports') }}
    group by space_key, org_key
),

months as (
    select distinct month_on
    from {{ ref('dim_dates') }}
    where month_on <= (select max(report_month) from {{ ref('fct_space_reports') }})
)

select
    spaces.space_key,
    spaces.org_key,
    months.month_on,
    reports.report_key is not null as is_reported,
    reports.training_events,
    reports.person_times,
    reports.new_women_persons,
    reports.sales_yuan,
    coalesce(reports.is_cumulative_falling, false) as is_cumulative_falling
from spaces
inner join months
    on spaces.first_on <= months.month_on
left join {{ ref('fct_space_reports') }} as reports
    on spaces.space_key = reports.space_key
        and spaces.org_key is not distinct from reports.org_key
        and months.month_on = reports.report_month
