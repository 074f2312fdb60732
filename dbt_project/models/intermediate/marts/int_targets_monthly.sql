-- Of two years' lists that set the same target for a month the later one counts.
with months as (
    select
        dates.month_on,
        max(dates.date_on) as as_on,
        max(case when dates.is_month_end then 1 else 0 end) = 1 as is_whole_month
    from {{ ref('dim_dates') }} as dates
    cross join {{ ref('int_build_dates') }} as build
    where dates.date_on <= build.as_of_on
    group by dates.month_on
),

listed as (
    select
        targets.org_key,
        targets.kpi,
        targets.target_value,
        targets.starts_on,
        targets.ends_on,
        months.month_on,
        months.as_on,
        cast(date_trunc('month', targets.starts_on) as date) as first_month_on,
        case when months.is_whole_month then months.month_on else {{ months_after('months.month_on', '-1') }} end
            as whole_month_on,
        row_number() over (
            partition by targets.org_key, targets.kpi, months.month_on
            order by targets.target_year desc nulls last, targets.target_key asc nulls last
        ) as nth_list
    from {{ ref('fct_targets') }} as targets
    inner join months
        on targets.starts_on <= months.as_on and months.month_on <= targets.ends_on
),

-- many figures begin anew with the period of their target: what went before it is no increase of theirs
based as (
    select
        *,
        greatest({{ months_after('whole_month_on', '-6') }}, first_month_on) as base_month_on
    from listed
    where nth_list = 1
)

select
    org_key,
    kpi,
    target_value,
    starts_on,
    ends_on,
    month_on,
    as_on,
    whole_month_on,
    base_month_on,
    (year(whole_month_on) - year(base_month_on)) * 12 + month(whole_month_on) - month(base_month_on) as base_months
from based
