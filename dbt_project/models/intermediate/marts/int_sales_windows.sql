-- Three whole months on either side of every month in which somebody's first class fell, for whoever sold in all six.
with anchors as (
    select distinct class_month_on as anchor_on
    from {{ ref('int_trainees_started') }}
),

windows as (
    select
        months.streamer_key,
        months.platform,
        anchors.anchor_on,
        count(*) filter (where months.month_on < anchors.anchor_on) as months_before,
        count(*) filter (where months.month_on > anchors.anchor_on) as months_after,
        sum(case when months.month_on < anchors.anchor_on then months.gross_yuan end) / 3 as mean_before_yuan,
        sum(case when months.month_on > anchors.anchor_on then months.gross_yuan end) / 3 as mean_after_yuan
    from anchors
    inner join {{ ref('int_streamer_months') }} as months
        on
            months.month_on >= {{ months_after('anchors.anchor_on', '-3') }}
            and months.month_on <= {{ months_after('anchors.anchor_on', '3') }}
            and months.month_on <> anchors.anchor_on
    group by months.streamer_key, months.platform, anchors.anchor_on
)

select
    windows.streamer_key,
    windows.platform,
    windows.anchor_on,
    bands.size_band,
    ln(windows.mean_after_yuan / windows.mean_before_yuan) as log_ratio
from windows
left join {{ ref('size_bands') }} as bands
    on
        bands.from_yuan <= windows.mean_before_yuan
        and windows.mean_before_yuan < coalesce(bands.to_yuan, windows.mean_before_yuan + 1)
where
    windows.months_before = 3
    and windows.months_after = 3
    and windows.mean_before_yuan > 0
    and windows.mean_after_yuan > 0
