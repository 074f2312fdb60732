{#
What one mart says about each published figure that names it. `on` ties a row of the mart (as `mart`) to the claim's
organisation and window (as `claims`); `measures` maps a claim's measure to an aggregate over those rows.
#}
{% macro claims_measured(mart, on, measures) %}
select
    claims.claim_id,
    cast(case claims.measure
        {% for measure, expression in measures.items() %}
        when '{{ measure }}' then {{ expression }}
        {% endfor %}
    end as double) as actual
from {{ ref('claims') }} as claims
inner join {{ ref(mart) }} as mart
    on claims.org_key = mart.org_key and {{ on }}
where claims.mart = '{{ mart }}'
group by claims.claim_id, claims.measure
{% endmacro %}
