-- a month's figures also say what the firm is in that month
select
    firm_id as firm_key,
    firm_name,
    is_sole_trader,
    is_female_led,
    is_women_brand,
    has_women_federation,
    org_key,
    true as is_present,
    sender,
    delivery_id,
    sheet_no,
    row_no,
    sales_month as as_of_on,
    updated_at,
    received_at,
    {{ content_hash([
        'firm_name', 'is_sole_trader', 'is_female_led', 'is_women_brand', 'has_women_federation', 'org_key',
    ]) }} as content_hash,
    split_from as known_from,
    split_to as known_to
from ({{ resolved('firm_sales', []) }}) as everything
where split_from < split_to
