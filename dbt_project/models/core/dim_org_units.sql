-- a unit ends where the register says closed, and just as well where a complete register is silent about it
with told as (
    select
        *,
        lead(is_present) over unit_order as next_is_present,
        lead(status) over unit_order as next_status
    from {{ ref('int_org_units_timeline') }}
    window unit_order as (partition by unit_key, known_from order by position nulls last)
),

dated as (
    select
        *,
        -- a unit founded before the first register was there before it
        case
            when as_of_on = first_present_on then coalesce(founded_on, as_of_on)
            else greatest(as_of_on, coalesce(founded_on, as_of_on))
        end as valid_from,
        coalesce(next_on, date '9999-12-31') as valid_to,
        case when not next_is_present then 'inferred' when next_status = 'closed' then 'stated' end as closed_basis
    from told
    where is_present and status = 'active'
),

versions as (
    select *
    from dated
    where valid_from < valid_to
)

{{ collapse_known('versions', [
    'unit_key', 'unit_name', 'unit_kind', 'unit_number', 'home_kind', 'bond', 'leader_key', 'leader_identity',
    'org_key', 'county_org_key', 'programme_key', 'village', 'hamlet', 'site', 'founded_on', 'members',
    'covered_women', 'resident_women', 'closed_basis', 'valid_from', 'valid_to', 'sender', 'delivery_id', 'sheet_no',
    'row_no',
]) }}
