{% set farthest = 6 -%}
-- unrolled, because a recursive query is not portable; a part of a divided region has no weight that anybody stated
with direct as (
    select
        old_code,
        new_code,
        effective_on,
        kind,
        document,
        case when count(*) over (partition by old_code, effective_on) = 1 then cast(1 as double) end as weight
    from {{ ref('region_successions') }}
),

step_1 as (
    select old_code, new_code, effective_on, kind, document, weight, effective_on as reached_on, 1 as steps
    from direct
),

{% for step in range(2, farthest + 1) %}
step_{{ step }} as (
    select
        s.old_code, d.new_code, s.effective_on, s.kind, s.document, s.weight * d.weight as weight,
        d.effective_on as reached_on, {{ step }} as steps
    from step_{{ step - 1 }} as s
    inner join direct as d on s.new_code = d.old_code and s.reached_on <= d.effective_on
),

{% endfor %}
every as (
    {% for step in range(1, farthest + 1) %}
    select * from step_{{ step }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

reached as (
    select
        old_code,
        new_code,
        effective_on,
        min(kind) as kind,
        min(steps) as steps,
        case when count(*) = 1 then max(weight) end as weight,
        min(document) as document,
        max(reached_on) as reached_on
    from every
    group by old_code, new_code, effective_on
),

gone as (
    select old_code, max(effective_on) as gone_on
    from direct
    group by old_code
)

select
    r.old_code as old_region_code,
    r.new_code as new_region_code,
    r.effective_on,
    r.kind,
    cast(r.steps as integer) as steps,
    r.weight,
    g.old_code is null as is_today,
    r.document
from reached as r
left join gone as g on r.new_code = g.old_code and r.reached_on <= g.gone_on
