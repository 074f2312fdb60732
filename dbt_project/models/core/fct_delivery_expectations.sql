with received as (
    select
        e.sender,
        e.dataset,
        e.cadence,
        e.period_from,
        e.period_to,
        e.due_on,
        min(d.received_at) as received_at
    from {{ ref('int_deliveries_expected') }} as e
    left join {{ ref('int_deliveries_told') }} as d
        on e.sender = d.sender and e.dataset = d.dataset and e.period_from = d.period_from and d.is_report
    group by e.sender, e.dataset, e.cadence, e.period_from, e.period_to, e.due_on
),

closed as (
    select org_key, max(closed_on) as closed_on
    from {{ ref('dim_organisations') }}
    where known_to = timestamp '9999-12-31 00:00:00'
    group by org_key
)

-- a period that is not yet due and not yet received is neither missing nor late
select
    r.sender,
    h.sender_org_key as org_key,
    r.dataset,
    r.cadence,
    r.period_from,
    r.period_to,
    r.due_on,
    r.received_at,
    case
        when r.received_at is null then 'missing'
        when {{ shanghai_date('r.received_at') }} <= r.due_on then 'on_time'
        else 'late'
    end as state
from received as r
cross join {{ ref('int_build_dates') }} as b
left join {{ ref('int_sender_homes') }} as h
    on r.sender = h.sender and h.known_to = timestamp '9999-12-31 00:00:00'
left join closed as c on h.sender_org_key = c.org_key
where (r.received_at is not null or r.due_on < b.as_of_on)
    and (c.closed_on is null or r.period_from < c.closed_on)
