with followed as (
    select
        *,
        max(step_no) over (
            partition by sender, fair_id, applicant_key, post_id
            order by updated_at nulls last
            rows between unbounded preceding and 1 preceding
        ) as step_before
    from {{ ref('int_job_applications_stated') }}
)

select
    sender,
    fair_id,
    fair_area_org_key,
    applicant_key,
    post_id,
    org_key,
    programme_key,
    min(applied_at) as applied_at,
    {% for status in ['screened', 'interviewed', 'intended', 'offered', 'signed', 'rejected', 'withdrawn'] %}
    min(case when status = '{{ status }}' then reached_at end) as {{ status }}_at,
    {% endfor %}
    max_by(status, updated_at) as status,
    -- an export shows the state it finds: what lies between was passed, too
    coalesce(max(step_no), 1) as steps_reached,
    coalesce(bool_or(step_no < step_before), false) as has_moved_backwards,
    max_by(channel, updated_at) as channel,
    max_by(sex, updated_at) as sex,
    max_by(graduation_year, updated_at) as graduation_year,
    max_by(delivery_id, updated_at) as delivery_id,
    max_by(sheet_no, updated_at) as sheet_no,
    max_by(row_no, updated_at) as row_no
from followed
group by sender, fair_id, fair_area_org_key, applicant_key, post_id, org_key, programme_key
