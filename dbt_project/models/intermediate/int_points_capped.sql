with entries as (
    {{ current_statements('points', [('volunteer_ref', 'volunteer_key', 'int_adult_identities')],
        ['sender', 'record_key'], ['as_of_on', 'received_at', 'delivery_id', 'sheet_no', 'row_no']) }}
),

ruled as (
    select
        e.*,
        r.monthly_cap,
        sum(greatest(e.points, 0)) over (
            partition by e.volunteer_key, e.rule_code, e.child_number_tokens, date_trunc('month', e.earned_on)
            order by e.earned_on nulls last, e.sender nulls last, e.entry_id nulls last
            rows between unbounded preceding and current row
        ) as points_so_far
    from entries as e
    left join {{ ref('points_rules') }} as r
        on e.rule_code = r.rule_code and r.valid_from <= e.earned_on and e.earned_on < r.valid_to
)

-- the cap is per child: an entry that names no child has none
select
    sender,
    delivery_id,
    sheet_no,
    row_no,
    entry_id,
    volunteer_key,
    org_key,
    earned_on,
    rule_code,
    points,
    activity_id,
    reverses_entry_id,
    cast(
        case
            when monthly_cap is null or child_number_tokens is null or points < 0 then points
            else least(points_so_far, monthly_cap) - least(points_so_far - points, monthly_cap)
        end as bigint
    ) as capped_points
from ruled
