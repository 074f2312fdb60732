{# A withdrawal ends what was received before it, and what arrives late about the time before it. #}
{% macro withdrawn_ends(staging) %}
    select s.delivery_id, s.record_key, min(greatest(s.received_at, w.received_at)) as known_to
    from stated as s
    inner join {{ ref(staging) }} as w
        on s.sender = w.sender and s.record_key = w.record_key
        and (s.received_at <= w.received_at or s.as_of_on < w.as_of_on)
    where w.kind = 'withdrawal'
    group by s.delivery_id, s.record_key
{% endmacro %}

{#
A correction replaces the statement it corrects and every later one known by then that only repeated it;
otherwise the next monthly copy of the same mistake would undo the correction in valid time.
#}
{% macro known_ends(staging) %}
withdrawn as ({{ withdrawn_ends(staging) }}),
corrections as (
    select c.sender, c.record_key, c.as_of_on, c.received_at,
        coalesce(max(b.as_of_on), c.as_of_on) as base_on
    from stated as c
    left join stated as b
        on c.sender = b.sender and c.record_key = b.record_key and b.kind <> 'correction'
        and b.as_of_on <= c.as_of_on and b.received_at < c.received_at
    where c.kind = 'correction'
    group by c.sender, c.record_key, c.as_of_on, c.received_at
),
corrected as (
    select s.delivery_id, s.record_key, min(c.received_at) as known_to
    from stated as s
    inner join corrections as c
        on s.sender = c.sender and s.record_key = c.record_key
        and s.as_of_on >= c.as_of_on and s.received_at < c.received_at
    where s.kind <> 'correction'
        and not exists (
            select 1 from stated as o
            where o.sender = s.sender and o.record_key = s.record_key and o.kind <> 'correction'
                and o.received_at < c.received_at and o.as_of_on >= c.base_on and o.as_of_on <= s.as_of_on
                and o.content_hash <> s.content_hash
        )
    group by s.delivery_id, s.record_key
)
{% endmacro %}
