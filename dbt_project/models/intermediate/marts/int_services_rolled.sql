-- A department outside the federation that sends people is a referral source; who comes by herself is not.
select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    services.service_month as month_on,
    services.service_kind,
    services.case_events,
    services.served_person_times,
    services.service_posts,
    case when services.source not in ('self', 'federation') then services.source end as referral_source,
    case when services.service_posts > 0 then services.level end as service_level
from {{ ref('fct_support_services') }} as services
inner join {{ ref('int_organisations_rolled') }} as rolled
    on services.org_key = rolled.member_org_key
