{{ config(severity='warn') }}
-- Two counties that hand out plain numbers without their prefix would make one person of two.
{% set mentions = [
    ('children', 'child'), ('pairings', 'child'), ('referrals', 'child'), ('pairings', 'volunteer'),
    ('care_activities', 'volunteer'), ('points', 'volunteer'), ('honours', 'volunteer'), ('trainings', 'trainee'),
] -%}
with mentions as (
    {% for dataset, role in mentions %}
    select
        '{{ 'child' if role == 'child' else 'adult' }}' as person_kind,
        {{ role }}_number_token as number_token,
        {{ role }}_id_token as id_token,
        sender
    from {{ ref('stg_' ~ dataset) }}
    where {{ role }}_number_token is not null and {{ role }}_id_token is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select a.person_kind, a.number_token
from (select distinct * from mentions) as a
inner join (select distinct * from mentions) as b
    on a.person_kind = b.person_kind and a.number_token = b.number_token
where a.sender < b.sender and a.id_token <> b.id_token
group by a.person_kind, a.number_token
