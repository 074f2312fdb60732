-- Told is told whenever it came and whether or not it could be read: the answer is the same in any order of arrival.
with told as (
    select
        dataset,
        sender,
        kind,
        record_key,
        delivery_id,
        sheet_no,
        row_no,
        true as is_accepted
    from {{ ref('int_keys_stated') }}
    union all
    select
        r.dataset,
        r.sender,
        d.kind,
        r.record_key,
        r.delivery_id,
        r.sheet_no,
        r.row_no,
        false as is_accepted
    from {{ ref('stg_rejects') }} as r
    inner join {{ ref('stg_deliveries') }} as d on r.delivery_id = d.delivery_id
),

compared as (
    select
        t.*,
        bool_or(t.kind in ('snapshot', 'increment')) over one_key as is_known,
        bool_or(t.kind = 'correction') over one_key as is_corrected
    from told as t
    window one_key as (partition by t.dataset, t.sender, t.record_key)
)

select
    c.delivery_id,
    c.sheet_no,
    c.row_no,
    c.record_key,
    c.kind || '_of_unknown' as code,
    c.sender,
    d.org_key,
    c.dataset,
    d.as_of_on,
    d.received_at
from compared as c
inner join {{ ref('fct_deliveries') }} as d on c.delivery_id = d.delivery_id
where c.is_accepted
    and not c.is_known
    and (c.kind = 'correction' or (c.kind = 'withdrawal' and not c.is_corrected))
