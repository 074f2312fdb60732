-- two spellings of one district in one cell are one district
with placed as (
    select
        l.lecture_key,
        case when p.is_county_found then p.org_key end as org_key,
        min(n.county) as county
    from {{ ref('fct_lectures') }} as l
    inner join {{ ref('int_lecture_counties') }} as n
        on l.delivery_id = n.delivery_id and l.sheet_no = n.sheet_no and l.row_no = n.row_no
    left join {{ ref('int_places') }} as p
        on n.place_ref = p.place_ref and p.dataset = 'lectures' and p.known_to = timestamp '9999-12-31 00:00:00'
    group by
        l.lecture_key,
        case when p.is_county_found then p.org_key end,
        case when not coalesce(p.is_county_found, false) then n.county end
)

select
    lecture_key,
    county,
    org_key,
    cast(1 as double) / count(*) over (partition by lecture_key) as share
from placed
