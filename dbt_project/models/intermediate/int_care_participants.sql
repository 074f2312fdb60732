with named as (
    select
        sender,
        activity_key,
        volunteer_key,
        happened_on,
        {{ explode_text('child_number_tokens', ',') }} as number_token
    from {{ ref('int_care_activities_timeline') }}
    where known_to = timestamp '9999-12-31 00:00:00' and child_number_tokens is not null
),

-- a child is named many times: its reference is made once
numbers as (
    select distinct number_token
    from named
),

children as (
    select n.number_token, i.person_key as child_key
    from numbers as n
    inner join {{ ref('int_child_identities') }} as i
        on {{ row_key(['null', 'n.number_token', 'null']) }} = i.person_ref
        and i.dataset = 'care_activities' and i.known_to = timestamp '9999-12-31 00:00:00'
)

-- two numbers of one child in one activity are one participation
select distinct
    n.sender,
    n.activity_key,
    c.child_key,
    n.volunteer_key,
    n.happened_on
from named as n
inner join children as c on n.number_token = c.number_token
