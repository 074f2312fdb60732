{#
Statements of one dataset with their known interval: from receipt until a withdrawal, or until a correction
that replaces what they merely repeated. Grain: one record key in one delivery; absences are rows too.
`carried` columns identify the thing and stand on absences as well; `content` columns are what can change.
#}
{% macro snapshot_records(dataset, carried, content, scope=[]) %}
{{ return(adapter.dispatch('snapshot_records', 'jinguo')(dataset, carried, content, scope)) }}
{% endmacro %}

{% macro default__snapshot_records(dataset, carried, content, scope) %}
with said as (select * from {{ ref('stg_' ~ dataset) }} where kind <> 'withdrawal'),
known_keys as (
    select sender, record_key, {{ carried | join(', ') }}, min(as_of_on) as first_on, min(received_at) as first_at
    from said
    group by sender, record_key, {{ carried | join(', ') }}
),
-- a snapshot without any clean row proves nothing: an empty file must not close a whole register
proving as (
    select d.sender, d.delivery_id, d.as_of_on, d.received_at {%- for s in scope %}, s.{{ s }}{% endfor %}
    from {{ ref('stg_deliveries') }} as d
    inner join (select distinct delivery_id {%- for s in scope %}, {{ s }}{% endfor %} from said) as s
        on d.delivery_id = s.delivery_id
    where d.dataset = '{{ dataset }}' and d.kind = 'snapshot' and d.state = 'clean' and d.proves_absence
),
absent as (
    select k.*, p.delivery_id, p.as_of_on, p.received_at
    from known_keys as k
    inner join proving as p
        on k.sender = p.sender and k.first_on <= p.as_of_on
        {%- for s in scope %} and k.{{ s }} is not distinct from p.{{ s }}{% endfor %}
    where not exists (select 1 from said as s where s.delivery_id = p.delivery_id and s.record_key = k.record_key)
        and not exists (
            select 1 from {{ ref('stg_rejects') }} as r
            where r.delivery_id = p.delivery_id and r.dataset = '{{ dataset }}' and r.record_key = k.record_key
        )
),
stated as (
    select sender, record_key, {{ carried | join(', ') }}, {{ content | join(', ') }}, true as is_present, kind,
        delivery_id, sheet_no, row_no, as_of_on, received_at, received_at as known_from,
        {{ content_hash(['true'] + content) }} as content_hash
    from said
    union all
    select sender, record_key, {{ carried | join(', ') }}, {% for c in content %}null as {{ c }}, {% endfor %}
        false as is_present, 'snapshot' as kind, delivery_id, null as sheet_no, null as row_no, as_of_on, received_at,
        greatest(received_at, first_at) as known_from,
        {{ content_hash(['false']) }} as content_hash
    from absent
),
{{ known_ends('stg_' ~ dataset) }}
select s.*, {{ known_end() }} as known_to
from stated as s
left join withdrawn as w on s.delivery_id = w.delivery_id and s.record_key = w.record_key
left join corrected as c on s.delivery_id = c.delivery_id and s.record_key = c.record_key
where s.known_from < {{ known_end() }}
{% endmacro %}

{# Changed rows only: nothing can be inferred from absence. #}
{% macro increment_records(dataset) %}
{{ return(adapter.dispatch('increment_records', 'jinguo')(dataset)) }}
{% endmacro %}

{% macro default__increment_records(dataset) %}
with stated as (select * from {{ ref('stg_' ~ dataset) }} where kind <> 'withdrawal'),
withdrawn as ({{ withdrawn_ends('stg_' ~ dataset) }})
select s.*, s.received_at as known_from,
    coalesce(w.known_to, timestamp '9999-12-31 00:00:00') as known_to
from stated as s
left join withdrawn as w on s.delivery_id = w.delivery_id and s.record_key = w.record_key
where s.received_at < coalesce(w.known_to, timestamp '9999-12-31 00:00:00')
{% endmacro %}

{% macro known_end() -%}
least(
    coalesce(w.known_to, timestamp '9999-12-31 00:00:00'), coalesce(c.known_to, timestamp '9999-12-31 00:00:00')
)
{%- endmacro %}
