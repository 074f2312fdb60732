with at_moments as (
    select e.*, m.known_from as moment_from, m.known_to as moment_to, m.is_registered_child
    from {{ ref('int_pairing_episodes') }} as e
    inner join {{ ref('int_pairing_moments') }} as m
        on e.child_key = m.child_key and e.known_from <= m.known_from and m.known_from < e.known_to
),

-- of two primaries the earlier keeps the role; one that ends first is a handover and takes nothing away
covered as (
    select distinct later.pairing_key, later.moment_from
    from at_moments as later
    inner join at_moments as earlier
        on later.child_key = earlier.child_key and later.moment_from = earlier.moment_from
        and earlier.valid_to > later.paired_on and earlier.valid_to >= later.valid_to
        and (
            earlier.paired_on < later.paired_on
            or (earlier.paired_on = later.paired_on and earlier.pairing_key < later.pairing_key)
        )
    where later.role = 'primary' and earlier.role = 'primary'
),

versions as (
    select
        a.pairing_key,
        a.child_key,
        a.volunteer_key,
        a.org_key,
        a.programme_key,
        case when c.pairing_key is null then a.role else 'assistant' end as role,
        a.paired_on,
        a.ended_on,
        a.end_reason,
        a.closed_basis,
        a.volunteer_level,
        a.volunteer_identity,
        a.pairing_mode,
        a.has_pledge,
        a.background_check,
        a.is_registered_child,
        a.paired_on as valid_from,
        a.valid_to,
        a.sender,
        a.delivery_id,
        a.sheet_no,
        a.row_no,
        a.moment_from as known_from,
        a.moment_to as known_to
    from at_moments as a
    left join covered as c on a.pairing_key = c.pairing_key and a.moment_from = c.moment_from
)

{{ collapse_known('versions', [
    'pairing_key', 'child_key', 'volunteer_key', 'org_key', 'programme_key', 'role', 'paired_on', 'ended_on',
    'end_reason', 'closed_basis', 'volunteer_level', 'volunteer_identity', 'pairing_mode', 'has_pledge',
    'background_check', 'is_registered_child', 'valid_from', 'valid_to', 'sender', 'delivery_id', 'sheet_no', 'row_no',
]) }}
