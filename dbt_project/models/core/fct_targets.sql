with newest as (
    {{ current_statements('targets', [], ['sender', 'record_key']) }}
),

-- a name that no organisation bears falls back on the sender: its target is nobody's, and not the sender's
named as (
    select distinct
        n.sender,
        n.record_key,
        o.org_key
    from newest as n
    inner join {{ ref('dim_organisations') }} as o
        on n.org_key = o.org_key and o.known_to = timestamp '9999-12-31 00:00:00'
    where n.org_name in (o.org_name, o.place_name) or {{ bare_name('n.org_name') }} = {{ bare_name('o.place_name') }}
)

select
    {{ row_key(['newest.sender', 'newest.record_key']) }} as target_key,
    named.org_key,
    newest.programme_key,
    newest.org_name,
    newest.kpi,
    newest.target_year,
    coalesce(newest.starts_on, make_date(newest.target_year, 1, 1)) as starts_on,
    coalesce(newest.ends_on, make_date(newest.target_year, 12, 31)) as ends_on,
    newest.target_value,
    newest.sender,
    newest.delivery_id,
    newest.sheet_no,
    newest.row_no
from newest
left join named
    on newest.sender = named.sender and newest.record_key = named.record_key
where newest.is_present
