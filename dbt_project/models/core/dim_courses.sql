with newest as (
    {{ current_statements('courses', [('lecturer_ref', 'lecturer_key', 'int_adult_identities')],
        ['sender', 'record_key']) }}
),

courses as (
    select
        *,
        coalesce(programme_key, sender) as catalogue_scope,
        min(catalogue_year) over (partition by sender, course_id) as first_year,
        lead(catalogue_year) over (partition by sender, course_id order by catalogue_year nulls last) as next_year
    from newest
    where is_present
)

-- what is ordered before the first catalogue begins is ordered out of that catalogue
select
    {{ row_key(['sender', 'catalogue_year', 'course_id']) }} as course_key,
    course_id,
    org_key,
    programme_key,
    catalogue_scope,
    cast(catalogue_year as integer) as catalogue_year,
    category,
    course_name,
    stage,
    audience,
    minutes,
    lecturer_key,
    case
        when catalogue_year = first_year then date '1900-01-01' else make_date(catalogue_year, 1, 1)
    end as valid_from,
    case when next_year is null then date '9999-12-31' else make_date(next_year, 1, 1) end as valid_to,
    sender,
    delivery_id,
    sheet_no,
    row_no
from courses
