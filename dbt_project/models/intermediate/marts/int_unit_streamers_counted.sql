-- who streams, and names a micro home of her county as her own that exists on the day
select
    rolled.org_key,
    homes.as_on,
    homes.unit_kind,
    count(distinct streamers.streamer_key) as streamers_born_in_90s
from {{ ref('int_units_observed') }} as homes
inner join {{ ref('dim_streamers') }} as streamers
    on homes.sender = streamers.sender and homes.unit_name = streamers.unit_name
    and homes.as_on >= streamers.valid_from and homes.as_on < streamers.valid_to
inner join {{ ref('int_organisations_rolled') }} as rolled
    on homes.org_key = rolled.member_org_key
where homes.unit_kind = 'micro_home'
    and streamers.status = 'active' and streamers.sex = 'female' and streamers.birth_year between 1990 and 1999
    and streamers.known_to = timestamp '9999-12-31 00:00:00'
group by rolled.org_key, homes.as_on, homes.unit_kind
