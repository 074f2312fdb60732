{{ config(severity='warn') }}
-- Two counties that hand out plain numbers without their prefix would make one person of two.
with mentions as (
    {% for person_kind, mentioned in [('child', 'children'), ('adult', 'adults')] %}
    select
        '{{ person_kind }}' as person_kind,
        number_token,
        id_token,
        sender
    from {{ ref('int_' ~ mentioned ~ '_mentioned') }}
    where number_token is not null and id_token is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select a.person_kind, a.number_token
from (select distinct * from mentions) as a
inner join (select distinct * from mentions) as b
    on a.person_kind = b.person_kind and a.number_token = b.number_token
where a.sender < b.sender and a.id_token <> b.id_token
group by a.person_kind, a.number_token
