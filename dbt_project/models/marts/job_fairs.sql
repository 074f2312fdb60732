with reported as (
    {% for counted in ['int_fair_posts_counted', 'int_fair_reach_counted', 'int_job_applications_stepped'] %}
    select
        org_key,
        fair_area_org_key,
        fair_id
    from {{ ref(counted) }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

organisations as (
    select distinct
        org_key,
        org_name,
        org_level
    from {{ ref('int_organisations_rolled') }}
)

select
    reported.org_key,
    organisations.org_name,
    organisations.org_level,
    reported.fair_area_org_key,
    reported.fair_id,
    fairs.fair_name,
    fairs.fair_on,
    posts.firms,
    posts.posts,
    posts.openings,
    posts.posts_without_openings,
    posts.live_firms,
    reach.onsite_persons,
    reach.onsite_person_times,
    reach.online_persons,
    reach.online_person_times,
    reach.live_persons,
    reach.live_person_times,
    reach.universities,
    reach.speakers,
    reach.agreements,
    applied.persons as applicants
from reported
inner join organisations
    on reported.org_key = organisations.org_key
left join {{ ref('int_fairs_named') }} as fairs
    on reported.fair_area_org_key = fairs.fair_area_org_key and reported.fair_id = fairs.fair_id
left join {{ ref('int_fair_posts_counted') }} as posts
    on reported.org_key = posts.org_key and reported.fair_area_org_key = posts.fair_area_org_key
    and reported.fair_id = posts.fair_id
left join {{ ref('int_fair_reach_counted') }} as reach
    on reported.org_key = reach.org_key and reported.fair_area_org_key = reach.fair_area_org_key
    and reported.fair_id = reach.fair_id
left join {{ ref('int_job_applications_stepped') }} as applied
    on reported.org_key = applied.org_key and reported.fair_area_org_key = applied.fair_area_org_key
    and reported.fair_id = applied.fair_id and applied.channel = 'all' and applied.step = 'applied'
