-- What is known of a pairing's contacts changes once a month at most: one step for each month with contacts, which
-- holds until the next. A contact before the first month reported belongs to that month's step, but not to its count.
with reported as (
    select
        *,
        lag(as_on, 1, date '0001-01-01') over (order by as_on) as before_on
    from {{ ref('int_months_reported') }}
),

pairings as (
    select
        pairing_key,
        child_key,
        volunteer_key,
        org_key,
        valid_from,
        valid_to
    from {{ ref('fct_pairings') }}
    where role = 'primary' and known_to = timestamp '9999-12-31 00:00:00'
),

steps as (
    select
        pairing_key,
        valid_from as from_on,
        null as month_on,
        0 as contacts,
        null as last_contact_on
    from pairings
    union all
    select
        contacts.pairing_key,
        max(contacts.happened_on) as from_on,
        reported.month_on,
        count(*) filter (where contacts.happened_on >= reported.month_on) as contacts,
        max(contacts.happened_on) as last_contact_on
    from {{ ref('int_contacts_dated') }} as contacts
    inner join reported
        on contacts.happened_on > reported.before_on and contacts.happened_on <= reported.as_on
    group by contacts.pairing_key, reported.month_on
),

held as (
    select
        *,
        lead(from_on, 1, date '9999-12-31') over (
            partition by pairing_key
            order by from_on, last_contact_on nulls first
        ) as to_on
    from steps
)

select
    pairings.pairing_key,
    pairings.child_key,
    pairings.volunteer_key,
    pairings.org_key,
    reported.month_on,
    reported.as_on,
    reported.quarter_on,
    pairings.valid_to > reported.as_on as is_active,
    {{ days_between(
        'greatest(pairings.valid_from, reported.month_on)',
        'least(pairings.valid_to, ' ~ days_after('reported.as_on', '1') ~ ')'
    ) }} as active_days,
    case when held.month_on = reported.month_on then held.contacts else 0 end as contacts,
    {{ days_between('pairings.valid_from', 'reported.as_on') }} as age_days,
    held.last_contact_on,
    {{ days_between('coalesce(held.last_contact_on, pairings.valid_from)', 'reported.as_on') }} as waiting_days
from reported
inner join held
    on reported.as_on >= held.from_on and reported.as_on < held.to_on
inner join pairings
    on held.pairing_key = pairings.pairing_key and reported.month_on < pairings.valid_to
