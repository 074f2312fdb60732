-- what a volunteer was before the first list is not known to have been otherwise
with versions as (
    select
        volunteer_key,
        org_key,
        volunteer_level,
        volunteer_identity,
        background_check,
        case when as_of_on = first_present_on then date '1900-01-01' else as_of_on end as valid_from,
        coalesce(next_on, date '9999-12-31') as valid_to,
        sender,
        delivery_id,
        sheet_no,
        row_no,
        known_from,
        known_to
    from {{ ref('int_volunteers_timeline') }}
    where is_present
)

{{ collapse_known('versions', [
    'volunteer_key', 'org_key', 'volunteer_level', 'volunteer_identity', 'background_check', 'valid_from', 'valid_to',
    'sender', 'delivery_id', 'sheet_no', 'row_no',
]) }}
