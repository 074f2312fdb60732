with pieces as (
    select
        *,
        -- an organisation listed without its opening day has been there all along
        case when as_of_on = first_present_on then coalesce(opened_on, date '1900-01-01') else as_of_on end
            as starts_on,
        least(coalesce(next_on, date '9999-12-31'), coalesce(closed_on, date '9999-12-31')) as stops_on
    from {{ ref('int_organisations_timeline') }}
),

versions as (
    select
        org_code as org_key,
        org_code,
        org_name,
        place_name,
        level,
        parent_code as parent_org_key,
        region_code,
        sender_id,
        coalesce(is_functional_area, level = 'functional_area') as is_functional_area,
        opened_on,
        closed_on,
        starts_on as valid_from,
        stops_on as valid_to,
        sender,
        delivery_id,
        sheet_no,
        row_no,
        known_from,
        known_to
    from pieces
    where is_present and starts_on < stops_on
)

{{ collapse_known('versions', [
    'org_key', 'org_code', 'org_name', 'place_name', 'level', 'parent_org_key', 'region_code', 'sender_id',
    'is_functional_area', 'opened_on', 'closed_on', 'valid_from', 'valid_to', 'sender', 'delivery_id', 'sheet_no',
    'row_no',
]) }}
