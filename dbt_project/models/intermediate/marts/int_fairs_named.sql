-- one fair has one name and one day, whoever reports it: those written last
with named as (
    select
        fair_area_org_key,
        fair_id,
        fair_name,
        fair_on,
        concat_ws('/', as_of_on, received_at, delivery_id, sheet_no, row_no) as written_at
    from {{ ref('int_job_posts_newest') }}
    union all
    select
        fair_area_org_key,
        fair_id,
        fair_name,
        fair_on,
        concat_ws('/', as_of_on, received_at, delivery_id, sheet_no, row_no) as written_at
    from {{ ref('int_fair_reach_newest') }}
)

select
    fair_area_org_key,
    fair_id,
    max_by(fair_name, written_at) filter (where fair_name is not null) as fair_name,
    max_by(fair_on, written_at) filter (where fair_on is not null) as fair_on
from named
group by fair_area_org_key, fair_id
