-- A post whose firm names no industry, and an application to a post in no list, stand under unassigned.
with supplied as (
    select
        rolled.org_key,
        posts.fair_area_org_key,
        posts.fair_id,
        coalesce(posts.industry, 'unassigned') as industry,
        count(*) as posts,
        cast(sum(posts.openings) as bigint) as openings,
        count(*) filter (where posts.openings is null) as posts_without_openings
    from {{ ref('fct_job_posts') }} as posts
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on posts.org_key = rolled.member_org_key
    group by rolled.org_key, posts.fair_area_org_key, posts.fair_id, posts.industry
),

demanded as (
    select
        rolled.org_key,
        applications.fair_area_org_key,
        applications.fair_id,
        coalesce(posts.industry, 'unassigned') as industry,
        count(distinct applications.applicant_key) as applicants,
        count(*) as applications
    from {{ ref('fct_job_applications') }} as applications
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on applications.org_key = rolled.member_org_key
    left join {{ ref('fct_job_posts') }} as posts
        on applications.post_key = posts.post_key
    group by rolled.org_key, applications.fair_area_org_key, applications.fair_id, posts.industry
)

select
    fairs.org_key,
    fairs.org_name,
    fairs.org_level,
    fairs.fair_area_org_key,
    fairs.fair_id,
    fairs.fair_on,
    coalesce(supplied.industry, demanded.industry) as industry,
    coalesce(supplied.posts, 0) as posts,
    supplied.openings,
    coalesce(supplied.posts_without_openings, 0) as posts_without_openings,
    coalesce(demanded.applicants, 0) as applicants,
    coalesce(demanded.applications, 0) as applications,
    cast(supplied.openings as double) / nullif(demanded.applicants, 0) as openings_per_applicant
from supplied
full outer join demanded
    on supplied.org_key = demanded.org_key and supplied.fair_area_org_key = demanded.fair_area_org_key
    and supplied.fair_id = demanded.fair_id and supplied.industry = demanded.industry
inner join {{ ref('job_fairs') }} as fairs
    on coalesce(supplied.org_key, demanded.org_key) = fairs.org_key
    and coalesce(supplied.fair_area_org_key, demanded.fair_area_org_key) = fairs.fair_area_org_key
    and coalesce(supplied.fair_id, demanded.fair_id) = fairs.fair_id
