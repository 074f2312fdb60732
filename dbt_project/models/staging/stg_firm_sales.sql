with delivered as ({{ delivered('firm_sales') }})

select
    {{ stated(['firm_id', 'platform', 'sales_month']) }},
    firm_id,
    firm_name,
    is_sole_trader,
    platform,
    sales_month,
    sales_yuan,
    orders,
    employees,
    female_employees,
    legal_person_sex,
    is_female_led,
    is_women_brand,
    has_women_federation,
    {{ utc('updated_at') }} as updated_at
from delivered
