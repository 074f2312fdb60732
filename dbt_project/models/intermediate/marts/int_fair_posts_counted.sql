with posts as (
    select
        posts.post_key,
        posts.fair_area_org_key,
        posts.fair_id,
        posts.org_key,
        posts.firm_key,
        posts.openings,
        live.post_key is not null as is_live
    from {{ ref('fct_job_posts') }} as posts
    left join {{ ref('bridge_job_post_channels') }} as live
        on posts.post_key = live.post_key and live.channel = 'live'
)

select
    rolled.org_key,
    posts.fair_area_org_key,
    posts.fair_id,
    count(distinct posts.firm_key) as firms,
    count(*) as posts,
    cast(sum(posts.openings) as bigint) as openings,
    count(*) filter (where posts.openings is null) as posts_without_openings,
    count(distinct case when posts.is_live then posts.firm_key end) as live_firms
from posts
inner join {{ ref('int_organisations_rolled') }} as rolled
    on posts.org_key = rolled.member_org_key
group by rolled.org_key, posts.fair_area_org_key, posts.fair_id
