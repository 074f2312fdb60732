with ordered as (
    select
        n.lecture_key,
        count(o.order_key) as orders,
        bool_or(o.order_key is not null and n.nth > 1) as is_delivered_twice
    from {{ ref('int_lectures_of_orders') }} as n
    left join {{ ref('fct_lecture_orders') }} as o
        on n.catalogue_scope = o.catalogue_scope and n.order_id = o.order_id
    group by n.lecture_key
)

select
    l.lecture_key,
    l.lecture_id,
    l.org_key,
    l.programme_key,
    c.course_key,
    l.course_id,
    l.lecturer_key,
    l.lectured_on,
    l.venue_kind,
    l.audience_kind,
    l.onsite_persons,
    l.online_person_times,
    l.very_satisfied,
    l.satisfied,
    l.neutral,
    l.dissatisfied,
    l.very_dissatisfied,
    coalesce(l.very_satisfied, 0) + coalesce(l.satisfied, 0) as satisfied_ratings,
    coalesce(l.very_satisfied, 0) + coalesce(l.satisfied, 0) + coalesce(l.neutral, 0)
    + coalesce(l.dissatisfied, 0) + coalesce(l.very_dissatisfied, 0) as ratings,
    coalesce(o.orders, 0) as orders,
    coalesce(o.orders, 0) = 0 as is_delivered_without_order,
    coalesce(o.is_delivered_twice, false) as is_delivered_twice,
    l.sender,
    l.delivery_id,
    l.sheet_no,
    l.row_no
from {{ ref('int_lectures_newest') }} as l
left join ordered as o on l.lecture_key = o.lecture_key
left join {{ ref('dim_courses') }} as c
    on l.catalogue_scope = c.catalogue_scope and l.course_id = c.course_id
    and c.valid_from <= l.lectured_on and l.lectured_on < c.valid_to
