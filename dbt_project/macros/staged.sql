{# What every statement of a ledger carries: where it stood, when it was said, which thing and which place it means. #}
{% macro stated(key, county='null', township='null') -%}
sender, delivery_id, sheet_no, row_no, kind, as_of_on, received_at,
    {{ record_key(key) }} as record_key,
    {{ place_ref(county, township) }} as place_ref
{%- endmacro %}

{# One person of a statement: which person it means before identities are resolved, and all that is known of her. #}
{% macro person(role) -%}
{{ person_ref(role) }} as {{ role }}_ref
{%- for known in ['token', 'id_token', 'number_token', 'contact_token', 'birth_year', 'area_code'] -%}
, {{ role }}_{{ known }}
{%- endfor %}
{%- endmacro %}

{# What was found in every dataset's deliveries that count, of the clean batch. #}
{% macro found_in_every_dataset(source_name, columns) %}
{% for dataset in datasets() %}
select '{{ dataset }}' as dataset, e.{{ columns | join(', e.') }}
from {{ source(source_name, dataset) }} as e
inner join {{ ref('stg_deliveries') }} as d on e.delivery_id = d.delivery_id and e.batch_id = d.batch_id
where d.state = 'clean'
{{ next_part() if not loop.last }}
{% endfor %}
{% endmacro %}

{# Every statement of the senders who ever corrected or withdrew by its key alone, whatever else its ledger tells. #}
{% macro stated_in_every_dataset() %}
{% for dataset in datasets() %}
select '{{ dataset }}' as dataset, sender, kind, record_key, delivery_id, sheet_no, row_no
from {{ ref('stg_' ~ dataset) }}
where sender in (
    select sender from {{ ref('stg_deliveries') }}
    where dataset = '{{ dataset }}' and state = 'clean' and kind in ('correction', 'withdrawal')
)
{{ next_part() if not loop.last }}
{% endfor %}
{% endmacro %}
