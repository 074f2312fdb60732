-- where a row belongs: the names that a sender writes, read inside that sender's own part of the tree
{% set naming = [
    ('children', 'county', 'township'), ('pairings', none, 'township'), ('referrals', 'county', none),
    ('org_units', none, 'township'), ('unit_activities', none, 'township'), ('care_items', none, 'township'),
    ('lecture_orders', 'county', none), ('targets', 'org_name', none), ('space_reports', 'county', none),
] -%}
with written as (
    {% for dataset, county, township in naming %}
    select '{{ dataset }}' as dataset, place_ref, sender,
        {{ county or 'null' }} as county, {{ township or 'null' }} as township
    from {{ ref('stg_' ~ dataset) }}
    union
    {% endfor %}
    select 'lectures' as dataset, place_ref, sender, county, null as township
    from {{ ref('int_lecture_counties') }}
    union
    select dataset, {{ place_ref('null', 'null') }} as place_ref, sender, null as county, null as township
    from {{ ref('int_deliveries_begun') }}
),

asked as (
    select w.*, h.sender_org_key, h.home_org_key, h.area_org_key, s.known_from, s.known_to
    from (select distinct place_ref, sender, county, township from written) as w
    cross join {{ ref('int_organisation_spans') }} as s
    left join {{ ref('int_sender_homes') }} as h on w.sender = h.sender and s.known_from = h.known_from
),

counties as ({{ named_organisations('asked', 'county', "'county', 'functional_area'", 'home_org_key') }}),

asked_below as (
    select a.*, c.org_key as named_county, coalesce(c.org_key, a.area_org_key) as township_area
    from asked as a
    left join counties as c on a.place_ref = c.place_ref and a.known_from = c.known_from
),

townships as ({{ named_organisations('asked_below', 'township', "'township'", 'township_area') }}),

located as (
    select a.*, coalesce(t.org_key, a.named_county, a.sender_org_key) as org_key
    from asked_below as a
    left join townships as t on a.place_ref = t.place_ref and a.known_from = t.known_from
),

above as (
    select l.place_ref, l.known_from, c.ancestor_org_key, c.distance, o.level
    from located as l
    inner join {{ ref('int_organisation_closure') }} as c
        on l.org_key = c.descendant_org_key and l.known_from = c.known_from
    inner join {{ ref('int_organisations_known') }} as o
        on c.ancestor_org_key = o.org_key and c.known_from = o.known_from
),

counties_above as (
    select place_ref, known_from, max(ancestor_org_key) as county_org_key
    from above
    where level in ('county', 'functional_area')
    group by place_ref, known_from
),

offered as (
    select programme_key, owner_org_key, {{ explode_text('datasets', ',') }} as dataset
    from {{ ref('programmes') }}
),

programmes_above as ({{ nearest_programmes('above', 'offered') }}),

placed as (
    select w.dataset, l.place_ref, l.org_key, c.county_org_key, p.programme_key, l.known_from, l.known_to,
        l.county is null or l.named_county is not null as is_county_found
    from located as l
    inner join written as w on l.place_ref = w.place_ref
    left join counties_above as c on l.place_ref = c.place_ref and l.known_from = c.known_from
    left join programmes_above as p
        on l.place_ref = p.place_ref and l.known_from = p.known_from and w.dataset = p.dataset
)

{{ collapse_known('placed', [
    'dataset', 'place_ref', 'org_key', 'county_org_key', 'programme_key', 'is_county_found',
]) }}
