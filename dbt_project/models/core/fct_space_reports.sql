with newest as (
    {{ current_statements('space_reports', [], ['sender', 'record_key']) }}
)

select
    {{ row_key(['sender', 'record_key']) }} as report_key,
    {{ row_key(['sender', 'space_name']) }} as space_key,
    space_name,
    org_key,
    programme_key,
    report_month,
    training_events,
    person_times,
    new_women_persons,
    cumulative_women_persons,
    -- of what has been reached nothing is taken back: a smaller sum than an earlier month's is a mistake in one of them
    coalesce(
        cumulative_women_persons < max(cumulative_women_persons) over (
            partition by sender, space_name order by report_month nulls last
            rows between unbounded preceding and 1 preceding
        ), false
    ) as is_cumulative_falling,
    projects,
    products,
    exemplars,
    sales_yuan,
    sender,
    delivery_id,
    sheet_no,
    row_no
from newest
where is_present
