-- The ledger's clock is the county's: an entry of 16:30 UTC is made on the next day there.
with participants as (
    select
        activity_key,
        count(*) as child_person_times
    from {{ ref('bridge_care_participants') }}
    where is_counted
    group by activity_key
)

select
    activities.activity_key,
    activities.org_key,
    activities.activity_kind,
    cast(date_trunc('month', activities.happened_on) as date) as month_on,
    activities.has_contact,
    activities.is_late,
    coalesce(participants.child_person_times, 0) as child_person_times,
    coalesce(activities.guardians_count, 0) as guardian_person_times,
    {{ days_between('activities.happened_on', shanghai_date('activities.entered_at')) }} as entry_days
from {{ ref('fct_care_activities') }} as activities
left join participants
    on activities.activity_key = participants.activity_key
where activities.is_counted and activities.known_to = timestamp '9999-12-31 00:00:00'
