{# Rows of one dataset that count: those of the clean batch of a delivery that was accepted. #}
{% macro delivered(dataset) -%}
select c.*, d.kind, d.as_of_on, d.received_at
from {{ source('clean', dataset) }} as c
inner join {{ ref('stg_deliveries') }} as d
    on c.delivery_id = d.delivery_id and c.batch_id = d.batch_id
where d.state = 'clean'
{%- endmacro %}

{# What was received by the end of the day known_on in Asia/Shanghai. #}
{% macro known_by(instant) -%}
{%- if var('known_on', none) -%} {{ shanghai_date(instant) }} <= date '{{ var('known_on') }}' {%- else -%} true {%- endif -%}
{%- endmacro %}
