select
    d.delivery_id,
    d.sender,
    h.sender_org_key as org_key,
    d.dataset,
    d.kind,
    d.as_of_on,
    d.received_at,
    d.sequence,
    d.state,
    d.reason_code,
    d.records_in,
    d.clean_records,
    d.rejected_records,
    d.duplicate_records,
    d.non_data_records,
    d.unreadable_keys,
    d.proves_absence,
    d.cells,
    d.spec_version,
    d.rules_version,
    d.token_key_id,
    d.byte_size,
    d.file_kind,
    d.encoding
from {{ ref('stg_deliveries') }} as d
left join {{ ref('int_sender_homes') }} as h
    on d.sender = h.sender and h.known_to = timestamp '9999-12-31 00:00:00'
