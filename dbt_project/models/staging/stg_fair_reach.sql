with delivered as ({{ delivered('fair_reach') }})

select
    {{ stated(['fair_id', 'channel', 'counted', 'source_name']) }},
    fair_id,
    fair_name,
    fair_on,
    channel,
    source_name,
    counted,
    reach
from delivered
