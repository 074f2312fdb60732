-- what the first list says holds since the day of recognition that stands in it
with versions as (
    select
        registration_key,
        streamer_key,
        platform,
        sex,
        streamer_birth_year as birth_year,
        firm_id as firm_key,
        unit_name,
        level,
        recognised_on,
        status,
        employment_form,
        followers,
        org_key,
        case when as_of_on = first_present_on then least(coalesce(recognised_on, as_of_on), as_of_on) else as_of_on end
            as valid_from,
        coalesce(next_on, date '9999-12-31') as valid_to,
        sender,
        delivery_id,
        sheet_no,
        row_no,
        known_from,
        known_to
    from {{ ref('int_streamers_timeline') }}
    where is_present
)

{{ collapse_known('versions', [
    'registration_key', 'streamer_key', 'platform', 'sex', 'birth_year', 'firm_key', 'unit_name', 'level',
    'recognised_on', 'status', 'employment_form', 'followers', 'org_key', 'valid_from', 'valid_to', 'sender',
    'delivery_id', 'sheet_no', 'row_no',
]) }}
