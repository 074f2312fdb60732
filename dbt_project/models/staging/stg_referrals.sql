with delivered as ({{ delivered('referrals') }})

select
    {{ stated(['referral_id'], county='county') }},
    {{ person('child') }},
    referral_id,
    county,
    {{ utc('found_at') }} as found_at,
    source,
    harm_kind,
    severity,
    {{ utc('intervened_at') }} as intervened_at,
    {{ utc('reported_at') }} as reported_at,
    {{ list_text('agencies', ',') }} as agencies,
    {{ utc('handled_at') }} as handled_at,
    {{ utc('closed_at') }} as closed_at,
    {{ utc('reopened_at') }} as reopened_at,
    {{ utc('updated_at') }} as updated_at,
    is_deleted
from delivered
