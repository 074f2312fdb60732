with stepped as (
    select
        *,
        lag(persons) over (
            partition by org_key, fair_area_org_key, fair_id, channel order by step_no nulls last
        ) as persons_before
    from {{ ref('int_job_applications_stepped') }}
)

select
    stepped.org_key,
    stepped.org_name,
    stepped.org_level,
    stepped.fair_area_org_key,
    stepped.fair_id,
    fairs.fair_on,
    stepped.channel,
    stepped.step_no,
    stepped.step,
    stepped.persons,
    stepped.persons_before,
    cast(stepped.persons as double) / nullif(stepped.persons_before, 0) as step_share,
    stepped.applications,
    stepped.rejected_applications,
    stepped.withdrawn_applications,
    stepped.moved_backwards_applications
from stepped
left join {{ ref('int_fairs_named') }} as fairs
    on stepped.fair_area_org_key = fairs.fair_area_org_key and stepped.fair_id = fairs.fair_id
