-- Fewer than ten streamers show nothing but their number, on however many platforms: a median of nine is nine people.
{% set matched = 'case when units.untrained_log_ratio is not null then units.log_ratio end' -%}
with uplift as (
    select
        rolled.org_key, units.programme_key, units.cohort_on, count(*) as units,
        count(distinct units.streamer_key) as streamers,
        count(units.untrained_log_ratio) as matched_units,
        count(distinct case when units.untrained_log_ratio is not null then units.streamer_key end)
            as matched_streamers,
        {% for prefix, values in [('ratio', 'units.log_ratio'), ('matched', matched)] %}
        {{ quantile(values, 0.25) }} as {{ prefix }}_q1,
        {{ quantile(values, 0.5) }} as {{ prefix }}_median,
        {{ quantile(values, 0.75) }} as {{ prefix }}_q3,
        {% endfor %}
        {{ quantile('units.untrained_log_ratio', 0.5) }} as untrained_median
    from {{ ref('int_uplift_units') }} as units
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on units.org_key = rolled.member_org_key
    group by rolled.org_key, units.programme_key, units.cohort_on
),

converted as (
    select
        rolled.org_key,
        women.programme_key,
        women.cohort_on,
        count(*) as unemployed_persons,
        count(*) filter (where women.is_matured) as matured_persons,
        count(*) filter (where women.is_matured and women.is_employed) as employed_persons
    from {{ ref('int_conversions') }} as women
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on women.org_key = rolled.member_org_key
    group by rolled.org_key, women.programme_key, women.cohort_on
),

cohorts as (
    select distinct
        rolled.org_key,
        rolled.org_name,
        rolled.org_level,
        started.programme_key,
        started.cohort_on
    from {{ ref('int_trainees_started') }} as started
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on started.org_key = rolled.member_org_key
)

select
    cohorts.org_key,
    cohorts.org_name,
    cohorts.org_level,
    cohorts.programme_key,
    cohorts.cohort_on,
    coalesce(uplift.units, 0) as units,
    case when uplift.streamers >= 10 then uplift.ratio_q1 end as before_after_log_q1,
    case when uplift.streamers >= 10 then uplift.ratio_median end as before_after_log_median,
    case when uplift.streamers >= 10 then uplift.ratio_q3 end as before_after_log_q3,
    coalesce(uplift.matched_units, 0) as matched_units,
    case when uplift.matched_streamers >= 10 then uplift.matched_q1 end as trained_log_q1,
    case when uplift.matched_streamers >= 10 then uplift.matched_median end as trained_log_median,
    case when uplift.matched_streamers >= 10 then uplift.matched_q3 end as trained_log_q3,
    case when uplift.matched_streamers >= 10 then uplift.untrained_median end as untrained_log_median,
    case when uplift.matched_streamers >= 10 then uplift.matched_median - uplift.untrained_median end as uplift_log,
    coalesce(converted.unemployed_persons, 0) as unemployed_persons,
    coalesce(converted.matured_persons, 0) as matured_persons,
    case when converted.matured_persons > 0 then converted.employed_persons end as employed_persons,
    cast(converted.employed_persons as double) / nullif(converted.matured_persons, 0) as conversion_share
from cohorts
left join uplift
    on
        cohorts.org_key = uplift.org_key
        and cohorts.programme_key = uplift.programme_key
        and cohorts.cohort_on = uplift.cohort_on
left join converted
    on
        cohorts.org_key = converted.org_key
        and cohorts.programme_key = converted.programme_key
        and cohorts.cohort_on = converted.cohort_on
