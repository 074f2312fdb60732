"""Which files the dbt project consists of."""

from pathlib import Path

PROJECT = Path(__file__).parents[1] / "dbt_project"
_MADE = {"target", "logs", "dbt_packages"}
_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".md"}


def project_files() -> list[Path]:
    """Every file of the dbt project that dbt reads, in a fixed order."""
    return sorted(
        path
        for path in PROJECT.rglob("*")
        if path.suffix in _SUFFIXES and not _MADE & set(path.relative_to(PROJECT).parts) and path.name != ".user.yml"
    )
