with involved as (
    select
        rolled.org_key,
        referrals.quarter_on,
        agencies.agency,
        min(referrals.quarter_on) over (partition by rolled.org_key, agencies.agency) as first_quarter_on
    from {{ ref('int_referrals_timed') }} as referrals
    inner join {{ ref('bridge_referral_agencies') }} as agencies
        on referrals.referral_key = agencies.referral_key
    inner join {{ ref('int_organisations_rolled') }} as rolled
        on referrals.org_key = rolled.member_org_key
    where rolled.is_children_level
),

quarters as (
    select
        org_key,
        quarter_on,
        count(distinct agency) as agencies,
        count(distinct case when first_quarter_on = quarter_on then agency end) as new_agencies
    from involved
    group by org_key, quarter_on
)

select
    org_key,
    quarter_on,
    agencies,
    cast(sum(new_agencies) over (
        partition by org_key
        order by quarter_on rows between unbounded preceding and current row
    ) as bigint) as agencies_to_date
from quarters
