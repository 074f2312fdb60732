{# Whether the programme of a row keeps a ledger; a row of no programme is bound by none, and nothing is taken from it. #}
{% macro keeps_ledger(dataset, programme) -%}
({{ programme }}.datasets is null or concat(',', {{ programme }}.datasets, ',') like '%,{{ dataset }},%')
{%- endmacro %}
