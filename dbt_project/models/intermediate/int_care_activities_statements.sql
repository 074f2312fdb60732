with resolved as (
    {{ resolved('care_activities', [('volunteer_ref', 'volunteer_key', 'int_adult_identities')]) }}
)

select
    {{ row_key(['sender', 'activity_id']) }} as activity_key,
    activity_id,
    org_key,
    programme_key,
    volunteer_key,
    activity_kind,
    happened_on,
    entered_at,
    updated_at,
    mode,
    has_contact,
    minutes,
    child_number_tokens,
    children_count,
    guardians_count,
    has_issue,
    referral_id,
    status,
    sender,
    delivery_id,
    sheet_no,
    row_no,
    received_at,
    split_from as known_from,
    split_to as known_to
from resolved
where split_from < split_to
