-- P1-04: what the organisations without anybody above them report is every counted activity that has an organisation.
with facts as (
    select count(*) as activity_events
    from {{ ref('fct_care_activities') }}
    where is_counted and org_key is not null and known_to = timestamp '9999-12-31 00:00:00'
),

top as (
    select coalesce(sum(activity_events), 0) as activity_events
    from {{ ref('care_activity') }}
    where org_key not in (select descendant_org_key from {{ ref('bridge_organisation_closure') }} where distance > 0)
)

select facts.activity_events, top.activity_events as rolled_events
from facts
cross join top
where facts.activity_events <> top.activity_events
