-- A claim about a day that the data have not reached is neither true nor false.
select
    claims.claim_id,
    claims.quotation,
    claims.programme_key,
    claims.org_key,
    claims.from_on,
    claims.to_on,
    claims.mart,
    claims.measure,
    claims.unit,
    claims.operator,
    cast(claims.low as double) as low,
    cast(claims.high as double) as high,
    case when claims.to_on <= build.as_of_on then measured.actual end as actual,
    case
        when claims.to_on > build.as_of_on then null
        when claims.operator = '=' then coalesce(measured.actual = claims.low, false)
        when claims.operator = '>=' then coalesce(measured.actual >= claims.low, false)
        when claims.operator = 'between'
            then coalesce(measured.actual >= claims.low and measured.actual < claims.high, false)
        when claims.operator = '~'
            then coalesce(measured.actual >= claims.low and measured.actual <= claims.high, false)
        else false
    end as holds
from {{ ref('claims') }} as claims
cross join {{ ref('int_build_dates') }} as build
left join {{ ref('int_claims_measured') }} as measured
    on claims.claim_id = measured.claim_id
