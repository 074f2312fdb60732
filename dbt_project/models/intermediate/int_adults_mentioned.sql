{% for dataset, role in [
    ('pairings', 'volunteer'), ('care_activities', 'volunteer'), ('points', 'volunteer'),
    ('honours', 'volunteer'), ('trainings', 'trainee'), ('streamers', 'streamer'), ('livestreams', 'streamer'),
    ('org_units', 'leader'), ('job_applications', 'applicant'), ('employment_checks', 'participant'),
    ('courses', 'lecturer'), ('lectures', 'lecturer'),
] %}
select
    '{{ dataset }}' as dataset,
    sender,
    {{ role }}_ref as person_ref,
    {{ role }}_id_token as id_token,
    {{ role }}_number_token as number_token,
    {{ role }}_contact_token as contact_token,
    min(received_at) as received_at
from {{ ref('stg_' ~ dataset) }}
where kind <> 'withdrawal'
group by sender, {{ role }}_ref, {{ role }}_id_token, {{ role }}_number_token, {{ role }}_contact_token
{{ next_part() if not loop.last }}
{% endfor %}
