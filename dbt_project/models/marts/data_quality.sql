with counted as (
    select
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        deliveries.dataset,
        count(*) as deliveries,
        count(*) filter (where deliveries.state <> 'clean') as refused_deliveries,
        cast(sum(coalesce(deliveries.records_in, 0)) as bigint) as received_records,
        cast(sum(coalesce(deliveries.clean_records, 0)) as bigint) as clean_records,
        cast(sum(coalesce(deliveries.rejected_records, 0)) as bigint) as rejected_records,
        cast(sum(coalesce(deliveries.duplicate_records, 0)) as bigint) as duplicate_records,
        cast(sum(coalesce(deliveries.non_data_records, 0)) as bigint) as non_data_records,
        cast(sum(coalesce(deliveries.cells, 0)) as bigint) as cells
    from {{ ref('fct_deliveries') }} as deliveries
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on coalesce(deliveries.org_key, 'unassigned') = rolled.member_org_key
    group by rolled.org_key, rolled.org_name, rolled.org_level, deliveries.dataset
),

unplaced as (
    select
        rolled.org_key,
        facts.dataset,
        sum(facts.facts) as facts
    from {{ ref('int_facts_unplaced') }} as facts
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on facts.org_key = rolled.member_org_key
    group by rolled.org_key, facts.dataset
)

select
    counted.org_key,
    counted.org_name,
    counted.org_level,
    counted.dataset,
    counted.deliveries,
    counted.refused_deliveries,
    counted.received_records,
    counted.clean_records,
    counted.rejected_records,
    counted.duplicate_records,
    counted.non_data_records,
    cast(coalesce(unplaced.facts, 0) as bigint) as unplaced_facts,
    counted.cells,
    cast(coalesce(findings.reject_findings, 0) as bigint) as reject_findings,
    cast(coalesce(findings.explain_findings, 0) as bigint) as explain_findings,
    cast(coalesce(findings.warn_findings, 0) as bigint) as warn_findings,
    cast(coalesce(findings.fix_findings, 0) as bigint) as fix_findings,
    cast(coalesce(findings.weighted_findings, 0) as decimal(18, 1)) as weighted_findings,
    1000 * cast(coalesce(findings.weighted_findings, 0) as double) / nullif(counted.cells, 0)
        as weighted_findings_per_1000_cells,
    case
        when counted.cells > 0
            then greatest(1 - cast(coalesce(findings.weighted_findings, 0) as double) / counted.cells, 0)
    end as quality_index,
    findings.top_reason_1,
    cast(findings.top_reason_1_findings as bigint) as top_reason_1_findings,
    findings.top_reason_2,
    cast(findings.top_reason_2_findings as bigint) as top_reason_2_findings,
    findings.top_reason_3,
    cast(findings.top_reason_3_findings as bigint) as top_reason_3_findings
from counted
left join {{ ref('int_findings_counted') }} as findings
    on counted.org_key = findings.org_key and counted.dataset = findings.dataset
left join unplaced
    on counted.org_key = unplaced.org_key and counted.dataset = unplaced.dataset
