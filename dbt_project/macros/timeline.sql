{#
At every span of knowledge of one entity, its statements in their order: exact bitemporal history.
`relation` has known_from, known_to and content_hash; position counts within (entity, span), next_on is the
as-of day of the next statement. Of several statements about one day only the last counts, unless `every_statement`,
with which a day means nothing: there is no next_on then, and no first_present_on.
A statement equal to the one right before it, and known only while that
one was, changes nothing at any moment and is left out first: this keeps the self join small.
#}
{% macro known_timeline(relation, entity, columns, order, every_statement=false) %}
with ordered as (
    select
        *,
        lag(content_hash) over entity_order as previous_hash,
        lag(known_from) over entity_order as previous_from,
        lag(known_to) over entity_order as previous_to
    from {{ relation }}
    window entity_order as (partition by {{ entity }} order by {{ order_by(order + ['known_from']) }})
),
informative as (
    select * from ordered
    where previous_hash is null or previous_hash <> content_hash
        or previous_from > known_from or previous_to < known_to
),
moments as (
    select {{ entity }}, known_from as known_at from informative
    union
    select {{ entity }}, known_to as known_at from informative where known_to < timestamp '9999-12-31 00:00:00'
),
spans as (
    select {{ entity }}, known_at as known_from,
        lead(known_at, 1, timestamp '9999-12-31 00:00:00') over (partition by {{ entity }} order by known_at nulls last)
            as known_to
    from moments
),
placed as (
    select
        r.{{ columns | join(', r.') }}, r.content_hash, s.known_from, s.known_to,
        row_number() over span_order as position
        {%- if not every_statement %}, lead(r.as_of_on) over span_order as next_stated_on{% endif %}
    from informative as r
    inner join spans as s
        on r.{{ entity }} = s.{{ entity }} and r.known_from <= s.known_from and s.known_from < r.known_to
    window span_order as (partition by r.{{ entity }}, s.known_from order by {{ order_by(order, 'r.') }})
),
compared as (
    select *,
        lag(content_hash) over (partition by {{ entity }}, known_from order by position nulls last) as hash_before
    from placed
    {% if not every_statement %}where next_stated_on is null or next_stated_on > as_of_on{% endif %}
)
select
    {{ columns | join(', ') }}, known_from, known_to, position
    {%- if not every_statement %},
    lead(as_of_on) over (partition by {{ entity }}, known_from order by position nulls last) as next_on,
    min(case when is_present then as_of_on end) over (partition by {{ entity }}, known_from) as first_present_on
    {%- endif %}
from compared
where hash_before is null or hash_before <> content_hash
{% endmacro %}

{% macro order_by(columns, prefix='') -%}
{% for column in columns %}{{ prefix }}{{ column }} nulls last{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{# Neighbouring spans of knowledge that say the same become one row; `columns` are everything else. #}
{% macro collapse_known(relation, columns) %}
select {{ columns | join(', ') }}, min(known_from) as known_from, max(known_to) as known_to
from (
    select *, sum(is_start) over (partition by {{ columns | join(', ') }} order by known_from nulls last) as island
    from (
        select *,
            case when lag(known_to) over (
                partition by {{ columns | join(', ') }} order by known_from nulls last
            ) = known_from then 0 else 1 end as is_start
        from {{ relation }}
    ) as marked
) as numbered
group by {{ columns | join(', ') }}, island
{% endmacro %}
