select
    {% if var('as_of', none) -%}
    date '{{ var("as_of") }}' as as_of_on,
    {%- else -%}
    cast(max({{ shanghai_date('received_at') }}) as date) as as_of_on,
    {%- endif %}
    max(received_at) as newest_received_at
from {{ ref('stg_deliveries') }}
where state = 'clean'
