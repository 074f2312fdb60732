-- An edition without a date of award stands in its December.
select
    rolled.org_key,
    rolled.org_name,
    rolled.org_level,
    cast(honours.edition_year as integer) as edition_year,
    max(cast(date_trunc('month', coalesce(honours.awarded_on, make_date(honours.edition_year, 12, 1))) as date))
        as awarded_month_on,
    count(distinct honours.volunteer_key) as honoured_persons
from {{ ref('fct_honours') }} as honours
inner join {{ ref('int_organisations_rolled') }} as rolled
    on honours.org_key = rolled.member_org_key
group by rolled.org_key, rolled.org_name, rolled.org_level, honours.edition_year
