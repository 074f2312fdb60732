{# One statement split where the knowledge about its persons or its place changed; nothing else changes. #}
{% macro resolved(dataset, persons) %}
    select
        r.* {%- for ref_column, key, identities in persons %}, i{{ loop.index }}.person_key as {{ key }}{% endfor %},
        p.org_key, p.county_org_key, p.programme_key,
        greatest(
            r.known_from, coalesce(p.known_from, r.known_from)
            {%- for person in persons %}, coalesce(i{{ loop.index }}.known_from, r.known_from){% endfor %}
        ) as split_from,
        least(
            r.known_to, coalesce(p.known_to, r.known_to)
            {%- for person in persons %}, coalesce(i{{ loop.index }}.known_to, r.known_to){% endfor %}
        ) as split_to
    from {{ ref('int_' ~ dataset ~ '_records') }} as r
    left join {{ ref('int_places') }} as p on r.place_ref = p.place_ref and p.dataset = '{{ dataset }}'
        and p.known_from < r.known_to and r.known_from < p.known_to
    {% for ref_column, key, identities in persons %}
    left join {{ ref(identities) }} as i{{ loop.index }} on r.{{ ref_column }} = i{{ loop.index }}.person_ref
        and i{{ loop.index }}.dataset = '{{ dataset }}'
        and i{{ loop.index }}.known_from < r.known_to and r.known_from < i{{ loop.index }}.known_to
    {% endfor %}
{% endmacro %}
