select
    month_on,
    max(as_on) as as_on,
    cast(date_trunc('quarter', month_on) as date) as quarter_on,
    {{ days_between(
        "cast(date_trunc('quarter', month_on) as date)",
        "cast(date_trunc('quarter', " ~ days_after("cast(date_trunc('quarter', month_on) as date)", '100') ~ ") as date)"
    ) }} as quarter_days,
    bool_or(is_month_end) as is_complete,
    -- A quarter is complete at its third month, and only when the data reach back to its first day.
    bool_or(is_month_end) and month(month_on) in (3, 6, 9, 12)
    and cast(date_trunc('quarter', month_on) as date) >= min(month_on) over () as is_complete_quarter
from {{ ref('int_dates_reported') }}
group by month_on
