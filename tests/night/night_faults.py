"""Faults that quote a person, as libraries do: planted into a step of the night before it runs."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

# environment variables: who, and a file that says who
QUOTED, QUOTED_FILE = "QUOTED_PERSON", "QUOTED_FILE"


def _said() -> str:
    return f"could not parse '{os.environ[QUOTED]}' in column 姓名"


def _raise(*_: object, **__: object) -> None:
    try:
        raise ValueError(_said())
    except ValueError as cause:
        raise RuntimeError(_said()) from cause


def cleaner() -> None:
    """Every call of the cleaner fails."""
    import ingest.night

    ingest.night.clean_batch = _raise


def printing() -> None:
    """Writing the tables after cleaning prints a row and fails: the step itself, and not one delivery."""
    import ingest.night

    def printed(*_: object, **__: object) -> None:
        os.write(1, _said().encode())
        sys.stdout.write(_said() + "\n")
        sys.stdout.flush()
        _raise()

    ingest.night.write_tables = printed


FAULTS: dict[str, Callable[[], None]] = {"cleaner": cleaner, "printing": printing}


def break_model(path: Path) -> None:
    """Make a model fail with a cast that quotes what stands in the file named by the environment."""
    quoting = "cast((select content from read_text('{{ env_var(\"QUOTED_FILE\") }}')) as integer)"
    path.write_text(
        f"with asked as (\n{path.read_text('utf-8')}\n)\nselect * from asked where {quoting} = 1\n", "utf-8"
    )
