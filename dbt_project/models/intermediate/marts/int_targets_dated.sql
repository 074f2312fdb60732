-- the target that holds in a month, and which share of its time has passed; of two that overlap the later year's
with ranked as (
    select
        targets.org_key,
        targets.kpi,
        months.month_on,
        cast(targets.target_value as double) as target_value,
        cast({{ days_between('targets.starts_on', 'least(months.as_on, targets.ends_on)') }} + 1 as double)
        / ({{ days_between('targets.starts_on', 'targets.ends_on') }} + 1) as elapsed_share,
        row_number() over (
            partition by targets.org_key, targets.kpi, months.month_on
            order by targets.target_year desc nulls last, targets.target_value desc nulls last
        ) as nth
    from {{ ref('fct_targets') }} as targets
    inner join {{ ref('int_months_reported') }} as months
        on targets.starts_on <= months.as_on and months.month_on <= targets.ends_on
    where targets.org_key is not null
)

select
    org_key,
    kpi,
    month_on,
    target_value,
    elapsed_share
from ranked
where nth = 1
