-- A figure that the list of figures does not know would stand in no scorecard.
select distinct kpi
from {{ ref('int_kpi_values') }}
where kpi not in (select kpi from {{ ref('kpis') }})
