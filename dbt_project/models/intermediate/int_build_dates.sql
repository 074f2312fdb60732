select
    {% if var('as_of', none) -%}
    max(date '{{ var("as_of") }}') as as_of_on
    {%- else -%}
    cast(max({{ shanghai_date('received_at') }}) as date) as as_of_on
    {%- endif %}
from {{ ref('stg_deliveries') }}
where state = 'clean'
