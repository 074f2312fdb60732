{% for dataset in ['children', 'pairings', 'referrals', 'care_items'] %}
select
    '{{ dataset }}' as dataset,
    sender,
    child_ref as person_ref,
    child_id_token as id_token,
    child_number_token as number_token,
    child_contact_token as contact_token,
    min(received_at) as received_at
from {{ ref('stg_' ~ dataset) }}
where kind <> 'withdrawal'
group by sender, child_ref, child_id_token, child_number_token, child_contact_token
{{ next_part() }}
{% endfor %}
select
    'care_activities' as dataset,
    sender,
    {{ row_key(['null', 'number_token', 'null']) }} as person_ref,
    null as id_token,
    number_token,
    null as contact_token,
    min(received_at) as received_at
from (
    select {{ explode_text('child_number_tokens', ',') }} as number_token, sender, received_at
    from {{ ref('stg_care_activities') }}
    where child_number_tokens is not null
) as participants
group by sender, number_token
