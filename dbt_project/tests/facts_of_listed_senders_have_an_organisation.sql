-- Whoever stands in the table of organisations has a place: if a fact of hers has none, the resolution is broken.
-- A target names its organisation itself: a name that nobody bears is its sender's mistake, shown in data_quality.
select dataset, sender, facts
from {{ ref('int_facts_unplaced') }}
where is_listed_sender and dataset <> 'targets'
