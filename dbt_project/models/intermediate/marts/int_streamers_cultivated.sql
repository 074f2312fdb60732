select
    rolled.org_key,
    dates.month_on,
    count(distinct streamers.streamer_key) as streamers
from {{ ref('dim_streamers') }} as streamers
inner join {{ ref('int_dates_reported') }} as dates
    on streamers.valid_from <= dates.as_on and dates.as_on < streamers.valid_to
inner join {{ ref('int_organisations_rolled') }} as rolled
    on streamers.org_key = rolled.member_org_key
where
    streamers.known_to = timestamp '9999-12-31 00:00:00'
    and streamers.sex = 'female'
    and streamers.level in ('excellent', 'top_hundred')
    and streamers.status = 'active'
group by rolled.org_key, dates.month_on
