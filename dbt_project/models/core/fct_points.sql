select
    {{ row_key(['e.sender', 'e.entry_id']) }} as entry_key,
    e.volunteer_key,
    e.org_key,
    e.earned_on,
    e.rule_code,
    e.points,
    -- a reversal takes back what had counted, not what was written
    case when r.entry_id is not null then -r.capped_points else e.capped_points end as counted_points,
    e.activity_id,
    e.reverses_entry_id,
    e.sender,
    e.delivery_id,
    e.sheet_no,
    e.row_no
from {{ ref('int_points_capped') }} as e
left join {{ ref('int_points_capped') }} as r on e.sender = r.sender and e.reverses_entry_id = r.entry_id
