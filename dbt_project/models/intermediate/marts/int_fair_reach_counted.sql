-- Channels and units are never added: who watched at noon may stand in the hall at two.
{% set counts = [
    ('onsite_persons', 'onsite', 'persons'), ('onsite_person_times', 'onsite', 'person_times'),
    ('online_persons', 'online', 'persons'), ('online_person_times', 'online', 'person_times'),
    ('live_persons', 'live', 'persons'), ('live_person_times', 'live', 'person_times'),
] -%}
select
    rolled.org_key,
    reach.fair_area_org_key,
    reach.fair_id,
    {% for name, channel, counted in counts %}
    cast(
        sum(case when reach.channel = '{{ channel }}' and reach.counted = '{{ counted }}' then reach.reach end)
        as bigint
    ) as {{ name }},
    {% endfor %}
    count(distinct case
        when reach.channel = 'online' and reach.is_school and reach.counted in ('persons', 'person_times')
            then reach.source_name
    end) as universities,
    cast(sum(case when reach.counted = 'speakers' then reach.reach end) as bigint) as speakers,
    cast(sum(case when reach.counted = 'agreements' then reach.reach end) as bigint) as agreements
from {{ ref('fct_fair_reach') }} as reach
inner join {{ ref('int_organisations_rolled') }} as rolled
    on reach.org_key = rolled.member_org_key
group by rolled.org_key, reach.fair_area_org_key, reach.fair_id
