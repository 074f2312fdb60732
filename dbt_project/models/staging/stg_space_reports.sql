with delivered as ({{ delivered('space_reports') }})

select
    {{ statement(['space_name', 'report_month']) }},
    space_name,
    county,
    report_month,
    training_events,
    person_times,
    new_women_persons,
    cumulative_women_persons,
    projects,
    products,
    exemplars,
    sales_yuan
from delivered
