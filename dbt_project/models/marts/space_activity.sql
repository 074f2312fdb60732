-- Women are as the spaces declare them: there are no rows of persons, so a woman whom two spaces name counts twice.
with months as (
    select
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        spaces.month_on,
        count(*) as open_spaces,
        count(*) filter (where spaces.is_reported) as reported_spaces,
        cast(sum(coalesce(spaces.training_events, 0)) as bigint) as training_events,
        cast(sum(coalesce(spaces.person_times, 0)) as bigint) as person_times,
        cast(sum(coalesce(spaces.new_women_persons, 0)) as bigint) as new_women_persons,
        cast(sum(coalesce(spaces.sales_yuan, 0)) as decimal(18, 2)) as sales_yuan,
        count(*) filter (where spaces.is_cumulative_falling) as cumulative_falls,
        count(distinct spaces.org_key) as counties
    from {{ ref('int_spaces_followed') }} as spaces
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on spaces.org_key = rolled.member_org_key
    group by rolled.org_key, rolled.org_name, rolled.org_level, spaces.month_on
)

select
    org_key,
    org_name,
    org_level,
    month_on,
    open_spaces,
    reported_spaces,
    cast(reported_spaces as double) / open_spaces as reported_share,
    training_events,
    person_times,
    new_women_persons,
    cast(sum(new_women_persons) over to_date as bigint) as empowered_women_to_date,
    true as is_declared,
    -- a space once counted stays in the number of open ones, so this only grows
    counties as counties_to_date,
    sales_yuan,
    cumulative_falls
from months
window to_date as (
    partition by org_key
    order by month_on rows between unbounded preceding and current row
)
