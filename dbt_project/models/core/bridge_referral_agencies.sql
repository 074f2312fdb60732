select
    referral_key,
    {{ explode_text('agencies', ',') }} as agency
from {{ ref('fct_referrals') }}
where agencies is not null
