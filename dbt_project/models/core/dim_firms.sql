with versions as (
    select
        firm_key,
        firm_name,
        is_sole_trader,
        is_female_led,
        is_women_brand,
        has_women_federation,
        org_key,
        as_of_on as valid_from,
        coalesce(next_on, date '9999-12-31') as valid_to,
        sender,
        delivery_id,
        sheet_no,
        row_no,
        known_from,
        known_to
    from {{ ref('int_firms_timeline') }}
)

{{ collapse_known('versions', [
    'firm_key', 'firm_name', 'is_sole_trader', 'is_female_led', 'is_women_brand', 'has_women_federation', 'org_key',
    'valid_from', 'valid_to', 'sender', 'delivery_id', 'sheet_no', 'row_no',
]) }}
