"""Says when: Dagster assets, schedule, checks and the ``jinguo`` command; knows nothing of what happens in a step."""
