-- Streamers who share a session share its sales; the month in which the figures end is not a whole month.
with shares as (
    select
        session_key,
        count(*) as streamers
    from {{ ref('bridge_livestream_streamers') }}
    group by session_key
),

months as (
    select
        bridge.streamer_key,
        live.platform,
        cast(date_trunc('month', {{ shanghai_date('live.starts_at') }}) as date) as month_on,
        sum(cast(live.gross_yuan as double) / shares.streamers) as gross_yuan
    from {{ ref('fct_livestreams') }} as live
    inner join {{ ref('bridge_livestream_streamers') }} as bridge
        on live.session_key = bridge.session_key
    inner join shares
        on live.session_key = shares.session_key
    where live.is_newest and not live.is_test
    group by
        bridge.streamer_key, live.platform, date_trunc('month', {{ shanghai_date('live.starts_at') }})
)

select
    months.streamer_key,
    months.platform,
    months.month_on,
    months.gross_yuan
from months
cross join {{ ref('int_build_dates') }} as build
where months.gross_yuan is not null and last_day(months.month_on) <= build.as_of_on
