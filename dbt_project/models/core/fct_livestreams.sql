-- Streamers who share a session each have a row that repeats its figures: one of them is the session.
with sessions as (
    select *
    from (
        select
            *,
            {{ row_key(['sender', 'platform', 'session_id']) }} as session_key,
            row_number() over (
                partition by sender, platform, session_id, extracted_at
                order by
                    received_at desc nulls last, delivery_id desc nulls last, gross_yuan desc nulls last,
                    sheet_no asc nulls last, row_no asc nulls last
            ) as nth
        from {{ ref('int_livestreams_told') }}
    ) as told
    where nth = 1
),

numbered as (
    select
        *,
        row_number() over (partition by session_key order by extracted_at nulls last) as extraction_no,
        count(*) over (partition by session_key) as extractions
    from sessions
)

select
    numbered.session_key,
    cast(numbered.extraction_no as integer) as extraction_no,
    numbered.org_key,
    numbered.programme_key,
    numbered.platform,
    numbered.session_id,
    numbered.event_name,
    numbered.place,
    numbered.starts_at,
    numbered.ends_at,
    numbered.view_person_times,
    numbered.viewers,
    numbered.peak_viewers,
    numbered.average_viewers,
    numbered.gross_yuan,
    numbered.refund_yuan,
    numbered.refund_basis,
    numbered.orders,
    numbered.order_grain,
    numbered.buyers,
    numbered.new_followers,
    numbered.extracted_at,
    numbered.extraction_no = numbered.extractions as is_newest,
    coalesce(
        {{ days_after(shanghai_date('numbered.ends_at'), 'rules.days') }}
        <= {{ shanghai_date('numbered.extracted_at') }},
        false
    ) as is_settled,
    numbered.ends_at < numbered.starts_at + interval 60 second as is_test,
    numbered.sender,
    numbered.delivery_id,
    numbered.sheet_no,
    numbered.row_no
from numbered
left join {{ ref('settling_days') }} as rules
    on
        rules.figure = 'livestream_refunds'
        and rules.valid_from <= {{ shanghai_date('numbered.ends_at') }}
        and {{ shanghai_date('numbered.ends_at') }} < rules.valid_to
