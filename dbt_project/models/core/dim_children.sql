with described as (
    select
        *,
        case when as_of_on = first_present_on then date '1900-01-01' else as_of_on end as described_from,
        lead(as_of_on, 1, date '9999-12-31')
            over (partition by child_key, known_from order by position nulls last) as described_to
    from {{ ref('int_children_timeline') }}
    where is_present
),

versions as (
    select
        d.child_key,
        d.org_key,
        d.county_org_key,
        d.programme_key,
        d.sex,
        d.birth_year,
        d.categories,
        d.left_behind_kind,
        d.guardian_relation,
        d.is_boarding,
        p.registered_on,
        p.closed_on,
        p.close_reason,
        p.status,
        greatest(d.described_from, p.starts_on) as valid_from,
        least(d.described_to, p.stops_on) as valid_to,
        d.sender,
        d.delivery_id,
        d.sheet_no,
        d.row_no,
        d.known_from,
        d.known_to
    from described as d
    inner join {{ ref('int_children_phases') }} as p
        on d.child_key = p.child_key and d.known_from = p.known_from
    where greatest(d.described_from, p.starts_on) < least(d.described_to, p.stops_on)
)

{{ collapse_known('versions', [
    'child_key', 'org_key', 'county_org_key', 'programme_key', 'sex', 'birth_year', 'categories',
    'left_behind_kind', 'guardian_relation', 'is_boarding', 'registered_on', 'closed_on', 'close_reason', 'status', 'valid_from',
    'valid_to', 'sender', 'delivery_id', 'sheet_no', 'row_no',
]) }}
