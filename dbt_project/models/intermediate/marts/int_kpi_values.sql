{% set parts = ['care', 'commerce', 'networks_and_fairs', 'lectures_and_spaces'] -%}
-- `denominator` is null for a count; a share of nothing has no value.
{% for part in parts %}
select
    org_key,
    month_on,
    kpi,
    numerator,
    denominator,
    value
from {{ ref('int_kpi_values_of_' ~ part) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
