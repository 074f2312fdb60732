with told as (
    select
        *,
        max(case when is_present then position end) over (partition by pairing_key, known_from) as last_present
    from {{ ref('int_pairings_timeline') }}
),

missed as (
    select
        *,
        min(case when position > last_present then as_of_on end)
            over (partition by pairing_key, known_from) as missed_on
    from told
),

episodes as (
    select
        pairing_key,
        child_key,
        volunteer_key,
        org_key,
        programme_key,
        role,
        paired_on,
        -- an episode cannot end before it began, whatever a later list leaves out
        case
            when coalesce(ended_on, missed_on) is not null then greatest(coalesce(ended_on, missed_on), paired_on)
        end as ended_on,
        end_reason,
        case when ended_on is not null then 'stated' when missed_on is not null then 'inferred' end as closed_basis,
        volunteer_level,
        volunteer_identity,
        pairing_mode,
        has_pledge,
        background_check,
        sender,
        delivery_id,
        sheet_no,
        row_no,
        known_from,
        known_to
    from missed
    where position = last_present
)

select *, coalesce(ended_on, date '9999-12-31') as valid_to
from episodes
