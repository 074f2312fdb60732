select distinct
    {{ row_key(['sender', 'fair_id', 'post_id']) }} as post_key,
    channel
from (
    select
        sender,
        fair_id,
        post_id,
        {{ explode_text('channels', ',') }} as channel
    from {{ ref('int_job_posts_newest') }}
    where channels is not null
) as offered
