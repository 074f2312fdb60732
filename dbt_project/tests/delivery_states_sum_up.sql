-- on time, late and missing are all of what was due, and what was received is one of the first two (X-01, X-02)
select sender, dataset, period_from
from {{ ref('delivery_status') }}
where on_time_periods + late_periods + missing_periods <> due_periods
    or on_time_periods + late_periods <> received_periods
    or held_deliveries + refused_deliveries > deliveries
