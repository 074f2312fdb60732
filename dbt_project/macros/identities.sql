{#
Which key a person has, at every span of knowledge. Linked, never merged, never on a name alone: a number or a
contact stands for an identity number while exactly one identity number is known to occur with it.
`mentions`: dataset, person_ref, id_token, number_token, contact_token, received_at. Each dataset that mentions a person has
rows of its own about her, and reads those: knowledge that it does not share leaves what is built on it as it is.
#}
{% macro identity_links(mentions, weak) %}
    select weak_token, id_token, link_from, link_to
    from (
        select
            {{ weak }} as weak_token, id_token, min(received_at) as link_from,
            lead(min(received_at), 1, timestamp '9999-12-31 00:00:00')
                over (partition by {{ weak }} order by min(received_at) nulls last, id_token nulls last) as link_to,
            row_number()
                over (partition by {{ weak }} order by min(received_at) nulls last, id_token nulls last) as nth
        from {{ mentions }}
        where {{ weak }} is not null and id_token is not null
        group by {{ weak }}, id_token
    ) as ids
    where nth = 1 and link_from < link_to
{% endmacro %}

{% macro person_identities(mentions, weak_tokens) %}
refs as (select distinct person_ref, id_token, number_token, contact_token from {{ mentions }}),
mentioned as (select distinct dataset, person_ref from {{ mentions }}),
{% for weak in weak_tokens %}{{ weak }}_links as ({{ identity_links(mentions, weak) }}),{% endfor %}
moments as (
    select person_ref, timestamp '1900-01-01 00:00:00' as known_at from refs
    {% for weak in weak_tokens %}{% for edge in ['link_from', 'link_to'] %}
    union
    select r.person_ref, l.{{ edge }} as known_at
    from refs as r inner join {{ weak }}_links as l on r.{{ weak }} = l.weak_token
    where r.id_token is null and l.{{ edge }} < timestamp '9999-12-31 00:00:00'
    {% endfor %}{% endfor %}
),
spans as (
    select person_ref, known_at as known_from,
        lead(known_at, 1, timestamp '9999-12-31 00:00:00')
            over (partition by person_ref order by known_at nulls last) as known_to
    from moments
)
select
    m.dataset,
    s.person_ref,
    coalesce(r.id_token, {% for weak in weak_tokens %}{{ weak }}_links.id_token, {% endfor -%}
        r.number_token, r.contact_token) as person_key,
    s.known_from,
    s.known_to
from spans as s
inner join refs as r on s.person_ref = r.person_ref
inner join mentioned as m on s.person_ref = m.person_ref
{% for weak in weak_tokens %}
left join {{ weak }}_links
    on r.{{ weak }} = {{ weak }}_links.weak_token
    and {{ weak }}_links.link_from <= s.known_from and s.known_from < {{ weak }}_links.link_to
{% endfor %}
{% endmacro %}
