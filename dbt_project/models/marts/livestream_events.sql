with streamers as (
    select
        sessions.org_key,
        sessions.event_name,
        sessions.event_year,
        count(distinct bridge.streamer_key) as streamers
    from {{ ref('int_event_sessions') }} as sessions
    inner join {{ ref('bridge_livestream_streamers') }} as bridge
        on sessions.session_key = bridge.session_key
    group by sessions.org_key, sessions.event_name, sessions.event_year
),

-- money that was only asked back has not left yet: it stands beside, and is not taken off
events as (
    select
        org_key,
        org_name,
        org_level,
        event_name,
        event_year,
        min(held_on) as first_on,
        max(held_on) as last_on,
        count(*) as sessions,
        count(*) filter (where not is_settled) as unsettled_sessions,
        count(distinct place) as places,
        sum(gross_yuan) as gross_yuan,
        sum(case when refund_basis is distinct from 'applied' then refund_yuan end) as refund_yuan,
        sum(case when refund_basis = 'applied' then refund_yuan end) as applied_refund_yuan,
        sum(viewers) as viewers,
        sum(view_person_times) as view_person_times,
        max(peak_viewers) as peak_viewers,
        sum(buyers) as buyers,
        sum(case when is_converting then buyers end) as converted_buyers,
        sum(case when is_converting then viewers end) as converting_viewers
    from {{ ref('int_event_sessions') }}
    group by org_key, org_name, org_level, event_name, event_year
)

select
    events.org_key,
    events.org_name,
    events.org_level,
    events.event_name,
    events.event_year,
    events.first_on,
    events.last_on,
    events.unsettled_sessions = 0 as is_final,
    events.sessions,
    events.unsettled_sessions,
    coalesce(streamers.streamers, 0) as streamers,
    events.places,
    cast(events.gross_yuan as decimal(18, 2)) as gross_yuan,
    cast(events.refund_yuan as decimal(18, 2)) as refund_yuan,
    cast(events.applied_refund_yuan as decimal(18, 2)) as applied_refund_yuan,
    cast(events.gross_yuan - coalesce(events.refund_yuan, 0) as decimal(18, 2)) as net_yuan,
    cast(events.viewers as bigint) as viewers,
    cast(events.view_person_times as bigint) as view_person_times,
    events.peak_viewers,
    cast(events.buyers as bigint) as buyers,
    cast(events.converted_buyers as bigint) as converted_buyers,
    cast(events.converting_viewers as bigint) as converting_viewers,
    cast(events.converted_buyers as double) / nullif(events.converting_viewers, 0) as conversion_share
from events
left join streamers
    on
        events.org_key = streamers.org_key
        and events.event_name = streamers.event_name
        and events.event_year = streamers.event_year
