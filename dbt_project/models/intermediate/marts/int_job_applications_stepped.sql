-- Persons are counted anew over all channels: who applies on site and online is one person.
{% set steps = ['applied', 'screened', 'interviewed', 'intended', 'offered', 'signed'] -%}
with steps as (
    {% for step in steps %}
    select {{ loop.index }} as step_no, '{{ step }}' as step
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

channelled as (
    {% for channel in ["coalesce(channel, 'unassigned')", "'all'"] %}
    select
        org_key,
        fair_area_org_key,
        fair_id,
        {{ channel }} as channel,
        applicant_key,
        status,
        steps_reached,
        has_moved_backwards
    from {{ ref('fct_job_applications') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    channelled.fair_area_org_key,
    channelled.fair_id,
    channelled.channel,
    steps.step_no,
    steps.step,
    count(distinct case when channelled.steps_reached >= steps.step_no then channelled.applicant_key end) as persons,
    count(*) filter (where channelled.steps_reached >= steps.step_no) as applications,
    count(*) filter (where channelled.steps_reached = steps.step_no and channelled.status = 'rejected')
        as rejected_applications,
    count(*) filter (where channelled.steps_reached = steps.step_no and channelled.status = 'withdrawn')
        as withdrawn_applications,
    count(*) filter (where channelled.steps_reached = steps.step_no and channelled.has_moved_backwards)
        as moved_backwards_applications
from channelled
inner join {{ ref('int_organisations_rolled') }} as rolled
    on channelled.org_key = rolled.member_org_key
cross join steps
group by
    rolled.org_key, rolled.org_name, rolled.org_level,
    channelled.fair_area_org_key, channelled.fair_id, channelled.channel, steps.step_no, steps.step
