"""The asset graph: landing, clean and rejects, then dbt's models, then the release. One step per layer."""
