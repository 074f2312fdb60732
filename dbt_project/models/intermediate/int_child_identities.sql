with participants as (
    select {{ explode_text('child_number_tokens', ',') }} as number_token, received_at
    from {{ ref('stg_care_activities') }}
    where child_number_tokens is not null
),

mentions as (
    {% for dataset in ['children', 'pairings', 'referrals', 'care_items'] %}
    select
        '{{ dataset }}' as dataset,
        child_ref as person_ref,
        child_id_token as id_token,
        child_number_token as number_token,
        child_contact_token as contact_token,
        received_at
    from {{ ref('stg_' ~ dataset) }}
    where kind <> 'withdrawal'
    union all
    {% endfor %}
    select
        'care_activities' as dataset,
        {{ row_key(['null', 'number_token', 'null']) }} as person_ref,
        null as id_token,
        number_token,
        null as contact_token,
        received_at
    from participants
),

-- no link by contact: brothers and sisters share a guardian's telephone
{{ person_identities('mentions', ['number_token']) }}
