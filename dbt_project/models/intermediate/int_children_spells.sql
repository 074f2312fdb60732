-- the time a child is in need: from the stated day to the stated day, else to the first register without her
with told as (
    select
        *,
        lag(is_present) over child_order as was_present,
        lag(as_of_on) over child_order as previous_on,
        lag(closed_on) over child_order as previous_closed_on
    from {{ ref('int_children_timeline') }}
    where as_of_on >= first_present_on
    window child_order as (partition by child_key, known_from order by position nulls last)
),

-- listed again with a later registration: she came back; with the old one: the list had lost her
numbered as (
    select
        *,
        sum(
            case
                when is_present and was_present and registered_on >= previous_closed_on then 1
                when is_present and not was_present and registered_on >= previous_on then 1
                else 0
            end
        ) over (partition by child_key, known_from order by position nulls last) as spell_no
    from told
),

last_words as (
    select
        *,
        max(case when is_present then position end) over (partition by child_key, known_from, spell_no) as last_present
    from numbered
),

spells as (
    select
        child_key,
        known_from,
        known_to,
        spell_no,
        max(case when position = last_present then registered_on end) as registered_on,
        max(case when position = last_present then closed_on end) as stated_on,
        min(case when position > last_present then as_of_on end) as missed_on,
        max(case when position = last_present then birth_year end) as birth_year,
        max(case when position = last_present then close_reason end) as close_reason
    from last_words
    group by child_key, known_from, known_to, spell_no
),

-- exact birth dates stay in landing: the end of the year of the eighteenth birthday is the last possible day
bounded as (
    select
        *,
        coalesce(stated_on, missed_on) as left_on,
        make_date(birth_year + 19, 1, 1) as grown_on,
        lead(registered_on) over (partition by child_key, known_from order by spell_no nulls last) as next_registered_on
    from spells
)

select
    child_key,
    registered_on,
    nullif(
        least(coalesce(left_on, date '9999-12-31'), coalesce(grown_on, date '9999-12-31')), date '9999-12-31'
    ) as closed_on,
    case when grown_on < coalesce(left_on, date '9999-12-31') then 'came_of_age' else close_reason end as close_reason,
    coalesce(next_registered_on, date '9999-12-31') as replaced_on,
    known_from,
    known_to
from bounded
