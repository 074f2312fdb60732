with delivered as ({{ delivered('honours') }})

select
    {{ stated(['honour_name', 'edition_year', 'volunteer_token']) }},
    {{ person('volunteer') }},
    honour_name,
    edition_year,
    awarded_on,
    honour_level
from delivered
