{% set facts = [
    ('children', 'dim_children', 'known'), ('pairings', 'fct_pairings', 'known'),
    ('care_activities', 'fct_care_activities', 'known'), ('referrals', 'fct_referrals', ''), ('funds', 'fct_funds', ''),
    ('points', 'fct_points', ''), ('honours', 'fct_honours', ''), ('trainings', 'fct_trainings', ''),
    ('support_services', 'fct_support_services', ''), ('care_items', 'fct_care_items', ''),
    ('firm_sales', 'fct_ecommerce_sales', ''), ('livestreams', 'fct_livestreams', ''),
    ('streamers', 'dim_streamers', 'known'), ('employment_checks', 'fct_employment_outcomes', ''),
    ('org_units', 'dim_org_units', 'known'), ('unit_activities', 'fct_unit_activities', ''),
    ('job_posts', 'fct_job_posts', ''), ('job_applications', 'fct_job_applications', ''),
    ('fair_reach', 'fct_fair_reach', ''), ('courses', 'dim_courses', ''), ('lecture_orders', 'fct_lecture_orders', ''),
    ('lectures', 'fct_lectures', ''), ('space_reports', 'fct_space_reports', ''),
    ('targets', 'fct_targets', ''),
] -%}
-- A fact without an organisation counts in no roll-up: here it is counted, and from here data_quality shows it.
-- Who stands in the table sees her own there: a target for a name that nobody bears is a mistake of hers.
with unplaced as (
    {% for dataset, fact, history in facts %}
    select '{{ dataset }}' as dataset, sender
    from {{ ref(fact) }}
    where org_key is null {%- if history %} and known_to = timestamp '9999-12-31 00:00:00'{% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    unplaced.dataset,
    unplaced.sender,
    coalesce(max(homes.sender_org_key), 'unassigned') as org_key,
    max(homes.sender_org_key) is not null as is_listed_sender,
    count(*) as facts
from unplaced
left join {{ ref('int_sender_homes') }} as homes
    on unplaced.sender = homes.sender and homes.known_to = timestamp '9999-12-31 00:00:00'
group by unplaced.dataset, unplaced.sender
