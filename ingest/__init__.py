"""Pulls what senders deliver, cleans it without losing a row, and knows neither Dagster nor dbt nor DuckDB."""
