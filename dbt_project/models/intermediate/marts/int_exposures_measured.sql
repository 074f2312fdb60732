with lived as (
    select
        pairings.pairing_key,
        pairings.child_key,
        pairings.volunteer_key,
        pairings.org_key,
        pairings.valid_from,
        months.month_on,
        months.as_on,
        months.quarter_on,
        pairings.valid_to > months.as_on as is_active,
        {{ days_between(
            'greatest(pairings.valid_from, months.month_on)',
            'least(pairings.valid_to, ' ~ days_after('months.as_on', '1') ~ ')'
        ) }} as active_days
    from {{ ref('int_months_reported') }} as months
    inner join {{ ref('fct_pairings') }} as pairings
        on months.as_on >= pairings.valid_from and months.month_on < pairings.valid_to
    where pairings.role = 'primary' and pairings.known_to = timestamp '9999-12-31 00:00:00'
)

select
    lived.pairing_key,
    lived.child_key,
    lived.volunteer_key,
    lived.org_key,
    lived.month_on,
    lived.as_on,
    lived.quarter_on,
    lived.is_active,
    lived.active_days,
    count(*) filter (where contacts.happened_on >= lived.month_on) as contacts,
    {{ days_between('lived.valid_from', 'lived.as_on') }} as age_days,
    max(contacts.happened_on) as last_contact_on,
    {{ days_between('coalesce(max(contacts.happened_on), lived.valid_from)', 'lived.as_on') }} as waiting_days
from lived
left join {{ ref('int_contacts_dated') }} as contacts
    on lived.pairing_key = contacts.pairing_key and lived.as_on >= contacts.happened_on
group by
    lived.pairing_key, lived.child_key, lived.volunteer_key, lived.org_key, lived.month_on, lived.quarter_on,
    lived.is_active, lived.active_days, lived.valid_from, lived.as_on
