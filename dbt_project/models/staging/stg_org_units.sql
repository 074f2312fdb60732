with delivered as ({{ delivered('org_units') }})

select
    {{ stated(['unit_kind', 'township', 'village', 'unit_name'], township='township') }},
    {{ person('leader') }},
    unit_number,
    unit_name,
    unit_kind,
    home_kind,
    bond,
    leader_identity,
    township,
    village,
    hamlet,
    site,
    founded_on,
    members,
    covered_women,
    resident_women,
    status
from delivered
