with newest as (
    select *, max(position) over (partition by activity_key) as last_position
    from {{ ref('int_care_activities_timeline') }}
    where known_to = timestamp '9999-12-31 00:00:00'
),

identities as (
    select *
    from {{ ref('int_child_identities') }}
    where dataset = 'care_activities' and known_to = timestamp '9999-12-31 00:00:00'
),

named as (
    select activity_key, volunteer_key, happened_on, {{ explode_text('child_number_tokens', ',') }} as number_token
    from newest
    where position = last_position and child_number_tokens is not null
)

-- two numbers of one child in one activity are one participation
select distinct
    n.activity_key,
    i.person_key as child_key,
    n.volunteer_key,
    n.happened_on
from named as n
inner join identities as i on {{ row_key(['null', 'n.number_token', 'null']) }} = i.person_ref
