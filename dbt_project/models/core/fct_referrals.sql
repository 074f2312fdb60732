with newest as (
    {{ current_statements('referrals', [('child_ref', 'child_key', 'int_child_identities')],
        ['sender', 'record_key'], ['updated_at', 'received_at', 'delivery_id', 'sheet_no', 'row_no']) }}
)

select
    {{ row_key(['sender', 'referral_id']) }} as referral_key,
    referral_id,
    org_key,
    child_key,
    source,
    harm_kind,
    severity,
    found_at,
    intervened_at,
    reported_at,
    handled_at,
    closed_at,
    reopened_at,
    agencies,
    closed_at is null or coalesce(reopened_at > closed_at, false) as is_open,
    {{ has_hour('found_at') }} as found_has_hour,
    {{ has_hour('intervened_at') }} as intervened_has_hour,
    {{ has_hour('reported_at') }} as reported_has_hour,
    {{ has_hour('handled_at') }} as handled_has_hour,
    sender,
    delivery_id,
    sheet_no,
    row_no
from newest
where not coalesce(is_deleted, false)
