with reasons as (
    select
        org_key,
        dataset,
        code,
        sum(findings) as findings,
        row_number() over (
            partition by org_key, dataset
            order by sum(weighted_findings) desc nulls last, code nulls last
        ) as place
    from {{ ref('int_findings_weighed') }}
    group by org_key, dataset, code
),

top_reasons as (
    select
        reasons.org_key,
        reasons.dataset,
        max(case when reasons.place = 1 then labels.zh end) as top_reason_1,
        max(case when reasons.place = 1 then reasons.findings end) as top_reason_1_findings,
        max(case when reasons.place = 2 then labels.zh end) as top_reason_2,
        max(case when reasons.place = 2 then reasons.findings end) as top_reason_2_findings,
        max(case when reasons.place = 3 then labels.zh end) as top_reason_3,
        max(case when reasons.place = 3 then reasons.findings end) as top_reason_3_findings
    from reasons
    left join {{ source('deliveries', 'reasons') }} as labels
        on reasons.code = labels.code
    where reasons.place <= 3
    group by reasons.org_key, reasons.dataset
),

classes as (
    select
        org_key,
        dataset,
        sum(case when finding_class = 'reject' then findings else 0 end) as reject_findings,
        sum(case when finding_class = 'explain' then findings else 0 end) as explain_findings,
        sum(case when finding_class = 'warn' then findings else 0 end) as warn_findings,
        sum(case when finding_class = 'fix' then findings else 0 end) as fix_findings,
        sum(weighted_findings) as weighted_findings
    from {{ ref('int_findings_weighed') }}
    group by org_key, dataset
)

select
    classes.*,
    top_reasons.top_reason_1,
    top_reasons.top_reason_1_findings,
    top_reasons.top_reason_2,
    top_reasons.top_reason_2_findings,
    top_reasons.top_reason_3,
    top_reasons.top_reason_3_findings
from classes
inner join top_reasons
    on classes.org_key = top_reasons.org_key and classes.dataset = top_reasons.dataset
