{{ config(severity='warn') }}
-- Her facts are in core and in data_quality, and in no roll-up, until the city lists her in its table of organisations.
select dataset, sender, facts
from {{ ref('int_facts_unplaced') }}
where not is_listed_sender
