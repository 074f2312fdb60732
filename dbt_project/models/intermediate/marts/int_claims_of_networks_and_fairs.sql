{% set at_end = 'mart.as_on = claims.to_on' -%}
{% set in_window = 'mart.as_on between coalesce(claims.from_on, claims.to_on) and claims.to_on' -%}
{{ claims_measured('organisation_network', in_window, {
    'groups': "sum(case when mart.unit_kind = 'group' then mart.units end)",
    'groups_and_micro_homes': "sum(case when mart.unit_kind in ('group', 'micro_home') then mart.units end)",
    'industry_federations': "sum(case when mart.unit_kind = 'industry_federation' then mart.units end)",
    'micro_homes_founded': "sum(case when mart.unit_kind = 'micro_home' then mart.founded_units end)",
    'micro_home_kinds': "max(case when mart.unit_kind = 'micro_home' and " ~ at_end ~ " then mart.home_kinds end)",
    'most_micro_homes_on_one_site': "max(case when mart.unit_kind = 'micro_home' then mart.most_units_on_one_site end)",
    'most_groups_in_one_hamlet': "max(case when mart.unit_kind = 'group' then mart.most_units_in_one_hamlet end)",
    'coverage_share_of_that_hamlet':
        "max(case when mart.unit_kind = 'group' then mart.coverage_share_of_that_hamlet end)",
    'streamers_born_in_90s': 'max(mart.streamers_born_in_90s)',
}) }}
union all
-- one fair is meant: persons of two fairs are no sum
{{ claims_measured('job_fairs', 'mart.fair_on between claims.from_on and claims.to_on', {
    'onsite_persons': 'max(mart.onsite_persons)',
    'online_person_times': 'max(mart.online_person_times)',
    'universities': 'max(mart.universities)',
    'firms': 'max(mart.firms)',
    'posts': 'max(mart.posts)',
    'openings': 'max(mart.openings)',
    'live_firms': 'max(mart.live_firms)',
    'speakers': 'max(mart.speakers)',
    'agreements': 'max(mart.agreements)',
}) }}
union all
{{ claims_measured('care_item_completion', 'mart.item_year between year(claims.from_on) and year(claims.to_on)', {
    'item_kinds': "count(distinct case when mart.item_kind <> 'all' then mart.item_kind end)",
}) }}
