with newest as (
    select *, max(position) over (partition by activity_key, known_from) as last_position
    from {{ ref('int_care_activities_timeline') }}
),

versions as (
    select
        activity_key,
        activity_id,
        org_key,
        programme_key,
        volunteer_key,
        activity_kind,
        happened_on,
        entered_at,
        mode,
        has_contact,
        minutes,
        children_count,
        guardians_count,
        has_issue,
        referral_id,
        status,
        status in ('valid', 'backfilled') as is_counted,
        {{ days_between('happened_on', shanghai_date('entered_at')) }} > 30 as is_late,
        sender,
        delivery_id,
        sheet_no,
        row_no,
        known_from,
        known_to
    from newest
    where position = last_position
)

{{ collapse_known('versions', [
    'activity_key', 'activity_id', 'org_key', 'programme_key', 'volunteer_key', 'activity_kind', 'happened_on',
    'entered_at', 'mode', 'has_contact', 'minutes', 'children_count', 'guardians_count', 'has_issue', 'referral_id',
    'status', 'is_counted', 'is_late', 'sender', 'delivery_id', 'sheet_no', 'row_no',
]) }}
