with delivered as ({{ delivered('space_reports') }})

select
    {{ stated(['space_name', 'report_month'], county='county') }},
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
