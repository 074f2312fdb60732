{#
A table of which every dataset has rows of its own: its parts are statements of their own, so that a refresh writes
those again of which something changed, and no other. Each part says its dataset first: '<dataset>' as dataset.
#}
{% materialization by_dataset, default %}
    {%- set relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- set parts = sql.split(next_part()) -%}
    {%- set written = [create_table_as(False, relation, 'select * from (' ~ parts[0] ~ ') as part limit 0')] -%}
    {% for part in parts %}{% do written.append('insert into ' ~ relation ~ part) %}{% endfor %}
    {% for one in written %}
        {% call statement('main' if loop.first else 'part') %}{{ one }}{% endcall %}
    {% endfor %}
    {% do write(written | join(';')) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% macro next_part() %}
union all -- of the next dataset
{% endmacro %}
