with newest as (
    {{ current_statements('trainings', [('trainee_ref', 'trainee_key', 'int_adult_identities')],
        ['sender', 'class_id', 'trainee_key']) }}
)

select
    {{ row_key(['sender', 'class_id']) }} as class_key,
    trainee_key,
    trainee_id_token is null and trainee_number_token is null as is_weak_identity,
    sex,
    home_province,
    attendance,
    coalesce(attendance in ('present', 'late', 'left_early'), is_completed) as is_attended,
    is_completed,
    status_before,
    sender,
    delivery_id,
    sheet_no,
    row_no
from newest
where is_present
