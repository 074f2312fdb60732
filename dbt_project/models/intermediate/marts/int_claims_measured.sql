{% set parts = ['care', 'commerce', 'networks_and_fairs', 'lectures_and_spaces'] -%}
-- What the warehouse says today about each published figure; a claim that finds no row here has no actual figure.
{% for part in parts %}
select
    claim_id,
    actual
from {{ ref('int_claims_of_' ~ part) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
