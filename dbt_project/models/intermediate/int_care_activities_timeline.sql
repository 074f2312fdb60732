-- Of an activity only the newest statement is ever asked for. Most are stated once: those need no comparing.
{% set columns = [
    'activity_key', 'activity_id', 'org_key', 'programme_key', 'volunteer_key', 'activity_kind', 'happened_on',
    'entered_at', 'mode', 'has_contact', 'minutes', 'child_number_tokens', 'children_count', 'guardians_count',
    'has_issue', 'referral_id', 'status', 'sender', 'delivery_id', 'sheet_no', 'row_no',
] -%}
with stated as (
    select
        *,
        count(*) over (partition by activity_key) as statements
    from {{ ref('int_care_activities_statements') }}
),

restated as (
    select
        *,
        {{ content_hash([
            'org_key', 'programme_key', 'volunteer_key', 'activity_kind', 'happened_on', 'entered_at', 'mode',
            'has_contact', 'minutes', 'child_number_tokens', 'children_count', 'guardians_count', 'has_issue',
            'referral_id', 'status',
        ]) }} as content_hash
    from stated
    where statements > 1
),

told as (
    {{ known_timeline(
        'restated',
        entity='activity_key',
        columns=columns,
        order=['updated_at', 'received_at', 'delivery_id', 'sheet_no', 'row_no'],
        every_statement=true,
    ) }}
),

newest as (
    select *, max(position) over (partition by activity_key, known_from) as last_position
    from told
),

versions as (
    select *
    from newest
    where position = last_position
)

{{ collapse_known('versions', columns) }}
union all
select {{ columns | join(', ') }}, known_from, known_to
from stated
where statements = 1
