"""What a candidate and a release consist of, by name."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Database:
    """One released DuckDB file: its path inside the release and the one schema it holds.

    The catalog is the file's stem. It must differ from every schema's name, or two-part names become
    ambiguous (measured: a file marts.duckdb with a schema marts).
    """

    file: str
    schema: str


MARTS = Database("jinguo.duckdb", "marts")
CORE = Database("core/jinguo_core.duckdb", "core")
DATABASES = (MARTS, CORE)

AUDIT = "audit.json"
MANIFEST = "manifest.json"
PARQUET = "parquet"
# Everything else in a candidate (the engine's work file, its write-ahead logs, compiled SQL) is never released.
RELEASED = (MARTS.file, CORE.file, PARQUET, "pages", "workbooks")

RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def checked_run(run: str) -> str:
    """Return ``run`` when it can be a folder's name; raises ValueError otherwise."""
    if not RUN.fullmatch(run):
        raise ValueError(f"not a run's name: {run!r} (letters, digits, '_', '.', '-'; first a letter or digit)")
    return run
