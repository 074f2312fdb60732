{# A key of ours: letters only, because digits could look like a person's number to a scan for leaks. #}
{% macro row_key(columns) -%}
translate({{ content_hash(columns) }}, '0123456789abcdef', 'abcdefghijklmnop')
{%- endmacro %}

{# Null and empty differ: without the mark, a cell that was emptied would not be a change. #}
{% macro content_hash(columns) -%}
md5(concat_ws('/'{% for column in columns %}, coalesce(cast({{ column }} as varchar), '~'){% endfor %}))
{%- endmacro %}

{# Which person a row means, before identities are resolved. #}
{% macro person_ref(role) -%}
{{ row_key([role ~ '_id_token', role ~ '_number_token', role ~ '_contact_token']) }}
{%- endmacro %}

{% macro place_ref(county, township) -%}
{{ row_key(['sender', county, township]) }}
{%- endmacro %}

{# The same words as rejects.record_key: the contract's key columns, joined by a slash. #}
{% macro record_key(columns) -%}
concat_ws('/'{% for column in columns %}, cast({{ column }} as varchar){% endfor %})
{%- endmacro %}
