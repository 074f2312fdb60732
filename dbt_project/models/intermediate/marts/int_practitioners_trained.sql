-- A person is trained on the day of her first completed class in e-commerce, and stays so.
with firsts as (
    select
        trainees.org_key,
        trainees.trainee_key,
        min(trainees.ended_on) as first_completed_on
    from {{ ref('int_trainees_rolled') }} as trainees
    inner join {{ ref('dim_programmes') }} as programmes
        on trainees.programme_key = programmes.programme_key
    where trainees.is_completed and programmes.kind = 'ecommerce'
    group by trainees.org_key, trainees.trainee_key
)

select
    firsts.org_key,
    dates.month_on,
    count(*) as persons
from firsts
inner join {{ ref('int_dates_reported') }} as dates
    on firsts.first_completed_on <= dates.as_on
group by firsts.org_key, dates.month_on
