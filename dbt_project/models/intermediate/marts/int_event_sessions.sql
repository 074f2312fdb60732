-- Of every session its newest extraction counts; a session of less than a minute was a test.
select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    live.event_name,
    {{ shanghai_date('live.starts_at') }} as held_on,
    cast(year({{ shanghai_date('live.starts_at') }}) as integer) as event_year,
    live.session_key,
    live.place,
    live.view_person_times,
    live.viewers,
    live.peak_viewers,
    live.gross_yuan,
    live.refund_yuan,
    live.refund_basis,
    live.buyers,
    live.buyers is not null and live.viewers is not null as is_converting,
    live.is_settled
from {{ ref('fct_livestreams') }} as live
inner join {{ ref('int_organisations_rolled') }} as rolled
    on live.org_key = rolled.member_org_key
where live.is_newest and not live.is_test and live.event_name is not null
