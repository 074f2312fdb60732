{# Names are compared with and without their last word of rank; only one organisation that fits is an answer. #}
{% macro bare_name(name) -%}
regexp_replace({{ name }}, '(县|区|市|镇|乡|街道|街道办事处)$', '')
{%- endmacro %}

{% macro named_organisations(asked, name, levels, area) %}
    select place_ref, known_from, min(org_key) as org_key
    from (
        select
            a.place_ref, a.known_from, o.org_key,
            case when a.{{ name }} in (o.place_name, o.org_name) then 1 else 2 end as closeness,
            min(case when a.{{ name }} in (o.place_name, o.org_name) then 1 else 2 end)
                over (partition by a.place_ref, a.known_from) as closest
        from {{ asked }} as a
        inner join {{ ref('int_organisation_closure') }} as c
            on a.{{ area }} = c.ancestor_org_key and a.known_from = c.known_from
        inner join {{ ref('int_organisations_known') }} as o
            on c.descendant_org_key = o.org_key and c.known_from = o.known_from
        where o.level in ({{ levels }})
            and (
                a.{{ name }} in (o.place_name, o.org_name)
                or {{ bare_name('a.' ~ name) }} = {{ bare_name('o.place_name') }}
            )
    ) as fitting
    where closeness = closest
    group by place_ref, known_from
    having count(distinct org_key) = 1
{% endmacro %}

{# Of the programmes that keep such a ledger the one owned nearest above; two equally near are no answer. #}
{% macro nearest_programmes(above, offered) %}
    select place_ref, known_from, dataset, min(programme_key) as programme_key
    from (
        select
            a.place_ref, a.known_from, o.dataset, o.programme_key, a.distance,
            min(a.distance) over (partition by a.place_ref, a.known_from, o.dataset) as nearest
        from {{ above }} as a
        inner join {{ offered }} as o on a.ancestor_org_key = o.owner_org_key
    ) as owned
    where distance = nearest
    group by place_ref, known_from, dataset
    having count(distinct programme_key) = 1
{% endmacro %}
