-- Matched with whoever, in the same months on the same platform at the same size, has had no class yet.
with untrained as (
    select
        windows.platform,
        windows.anchor_on,
        windows.size_band,
        {{ quantile('windows.log_ratio', 0.5) }} as untrained_log_ratio
    from {{ ref('int_sales_windows') }} as windows
    left join {{ ref('int_trainees_started') }} as started
        on windows.streamer_key = started.trainee_key
    where
        started.class_month_on is null
        or started.class_month_on > {{ months_after('windows.anchor_on', '3') }}
    group by windows.platform, windows.anchor_on, windows.size_band
)

select
    started.org_key,
    started.programme_key,
    started.cohort_on,
    windows.streamer_key,
    windows.platform,
    windows.log_ratio,
    untrained.untrained_log_ratio
from {{ ref('int_sales_windows') }} as windows
inner join {{ ref('int_trainees_started') }} as started
    on windows.streamer_key = started.trainee_key and windows.anchor_on = started.class_month_on
left join untrained
    on
        windows.platform = untrained.platform
        and windows.anchor_on = untrained.anchor_on
        and windows.size_band = untrained.size_band
