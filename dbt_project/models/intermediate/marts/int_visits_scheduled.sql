-- Periods follow each other without a gap, each as long as its cadence: 14 days, then thirties, then nineties.
-- A visit on the last day is in time. A period the pairing did not live through is not due; neither is one that began
-- before the activity ledgers did. The rule in force on the day a period falls due is the one that counts.
with stages as (
    select
        valid_from,
        valid_to,
        cadence_days,
        ceil(cast(to_days - from_days as double) / cadence_days) as periods,
        coalesce(sum(ceil(cast(to_days - from_days as double) / cadence_days) * cadence_days) over (
            partition by valid_from
            order by from_days rows between unbounded preceding and 1 preceding
        ), 0) as starts_after_days
    from {{ ref('visit_cadences') }}
),

numbers as (
    select row_number() over (order by date_on) - 1 as number
    from {{ ref('dim_dates') }}
),

periods as (
    select
        stages.valid_from,
        stages.valid_to,
        cast(stages.starts_after_days + numbers.number * stages.cadence_days as integer) as starts_after_days,
        cast(stages.starts_after_days + (numbers.number + 1) * stages.cadence_days as integer) as due_after_days
    from stages
    inner join numbers
        on stages.periods > numbers.number
),

bounds as (
    select
        min(month_on) as first_on,
        max(as_on) as last_on
    from {{ ref('int_months_reported') }}
),

scheduled as (
    select
        pairings.pairing_key,
        pairings.org_key,
        case when periods.starts_after_days = 0 then -1 else periods.starts_after_days end as after_days,
        periods.due_after_days,
        {{ days_after('pairings.valid_from', 'periods.due_after_days') }} as due_on
    from {{ ref('fct_pairings') }} as pairings
    inner join bounds
        on pairings.valid_from <= bounds.last_on
    inner join periods
        on
            {{ days_after('pairings.valid_from', 'periods.starts_after_days') }} >= bounds.first_on
            and {{ days_after('pairings.valid_from', 'periods.due_after_days') }} <= bounds.last_on
            and {{ days_after('pairings.valid_from', 'periods.due_after_days') }} < pairings.valid_to
            and {{ days_after('pairings.valid_from', 'periods.due_after_days') }} >= periods.valid_from
            and {{ days_after('pairings.valid_from', 'periods.due_after_days') }} < periods.valid_to
    where pairings.role = 'primary' and pairings.known_to = timestamp '9999-12-31 00:00:00'
)

select
    scheduled.pairing_key,
    scheduled.org_key,
    scheduled.due_on,
    cast(date_trunc('month', scheduled.due_on) as date) as month_on,
    count(contacts.contact_days) > 0 as is_met
from scheduled
left join {{ ref('int_contacts_dated') }} as contacts
    on
        scheduled.pairing_key = contacts.pairing_key
        and scheduled.after_days < contacts.contact_days
        and scheduled.due_after_days >= contacts.contact_days
group by scheduled.pairing_key, scheduled.org_key, scheduled.due_on
