-- One reason of one class in one organisation's dataset, with what it costs the quality index. A refused delivery has
-- no rejected cells: its one reason stands for it.
with found as (
    select
        delivery_id,
        'reject' as finding_class,
        code
    from {{ ref('stg_rejects') }}
    union all
    select
        delivery_id,
        class as finding_class,
        code
    from {{ ref('stg_findings') }}
    union all
    select
        delivery_id,
        'explain' as finding_class,
        code
    from {{ ref('worklist_unmatched') }}
    union all
    select
        delivery_id,
        'reject' as finding_class,
        reason_code as code
    from {{ ref('fct_deliveries') }}
    where state <> 'clean' and reason_code is not null
)

select
    rolled.org_key,
    deliveries.dataset,
    found.finding_class,
    found.code,
    count(*) as findings,
    cast(count(*) * max(weights.weight) as decimal(18, 1)) as weighted_findings
from found
inner join {{ ref('fct_deliveries') }} as deliveries
    on found.delivery_id = deliveries.delivery_id
inner join {{ ref('int_organisations_rolled') }} as rolled
    on coalesce(deliveries.org_key, 'unassigned') = rolled.member_org_key
inner join {{ ref('finding_weights') }} as weights
    on found.finding_class = weights.finding_class
group by rolled.org_key, deliveries.dataset, found.finding_class, found.code
