{% set datasets = [
    'organisations', 'children', 'pairings', 'care_activities', 'points', 'honours', 'trainings', 'funds',
    'support_services', 'referrals',
] -%}
with every as (
    {% for dataset in datasets %}
    select
        '{{ dataset }}' as dataset,
        sender,
        delivery_id,
        batch_id,
        sheet_no,
        row_no,
        record_key,
        code,
        column_name
    from {{ source('rejects', dataset) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select e.*
from every as e
inner join {{ ref('stg_deliveries') }} as d
    on e.delivery_id = d.delivery_id and e.batch_id = d.batch_id
