with exploded as (
    select
        child_key,
        {{ explode_text('categories', '、') }} as category,
        valid_from,
        valid_to,
        sender,
        delivery_id,
        sheet_no,
        row_no,
        known_from,
        known_to
    from {{ ref('dim_children') }}
    where status = 'active' and categories is not null
)

select * from exploded
