with moments as (
    select timestamp '1900-01-01 00:00:00' as known_at
    union
    select known_from as known_at from {{ ref('dim_organisations') }}
    union
    select known_to as known_at from {{ ref('dim_organisations') }} where known_to < timestamp '9999-12-31 00:00:00'
)

select
    known_at as known_from,
    lead(known_at, 1, timestamp '9999-12-31 00:00:00') over (order by known_at nulls last) as known_to
from moments
