-- What others ask of all deliveries: little, so that a delivery that adds nothing to it has nothing built again for it.
select
    sender,
    dataset,
    min(as_of_on) as first_as_of_on
from {{ ref('stg_deliveries') }}
group by sender, dataset
