-- Whoever stands in the table of organisations has a place: if a fact of hers has none, the resolution is broken.
select dataset, sender, facts
from {{ ref('int_facts_unplaced') }}
where is_listed_sender
