{# What is known now: of every thing the last statement, unless that statement is its absence or its end. #}
{% macro current_statements(dataset, persons, entity, order=['as_of_on', 'received_at', 'delivery_id', 'is_present', 'sheet_no', 'row_no']) %}
    select *
    from (
        select
            *,
            row_number() over (
                partition by {{ entity | join(', ') }}
                order by {% for column in order %}{{ column }} desc nulls last{{ ', ' if not loop.last }}{% endfor %}
            ) as nth_newest
        from ({{ resolved(dataset, persons) }}) as everything
        where split_from < split_to and split_to = timestamp '9999-12-31 00:00:00'
    ) as ranked
    where nth_newest = 1
{% endmacro %}
