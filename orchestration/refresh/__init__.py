"""The served release brought up to date without dbt: only what changed is built again."""
