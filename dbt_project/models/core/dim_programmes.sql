select
    programme_key,
    kind,
    name_zh,
    brand_zh,
    owner_org_key,
    starts_on,
    ends_on
from {{ ref('programmes') }}
