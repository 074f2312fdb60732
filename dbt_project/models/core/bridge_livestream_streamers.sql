-- who took part is what the newest extraction says
select
    sessions.session_key,
    told.streamer_key,
    told.sender,
    told.delivery_id,
    told.sheet_no,
    told.row_no
from {{ ref('int_livestreams_told') }} as told
inner join {{ ref('fct_livestreams') }} as sessions
    on
        told.sender = sessions.sender
        and told.platform = sessions.platform
        and told.session_id = sessions.session_id
        and told.extracted_at = sessions.extracted_at
where sessions.is_newest and told.streamer_key is not null
