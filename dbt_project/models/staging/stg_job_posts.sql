with delivered as ({{ delivered('job_posts') }})

select
    {{ stated(['fair_id', 'post_id']) }},
    firm_id,
    firm_name,
    is_sole_trader,
    fair_id,
    fair_name,
    fair_on,
    industry,
    post_id,
    post_name,
    occupation,
    openings,
    education,
    pay_low_yuan,
    pay_high_yuan,
    work_place,
    {{ list_text('channels', ',') }} as channels
from delivered
