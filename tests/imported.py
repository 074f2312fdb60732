"""What each forked run would import or work out anew, done beforehand by the process that forks them."""

import gc
import importlib
import inspect
import sys
from contextlib import suppress
from pathlib import Path


def make_ready() -> None:
    """Have dbt work out what it does anew in every process, a quarter of a small night. It parses nothing: after that
    a fork hangs."""
    from dbt.adapters.duckdb.credentials import DuckDBCredentials
    from dbt.contracts.graph.manifest import Manifest
    from dbt.contracts.project import Configuration, PackageConfig, ProfileConfig, Project, ProjectFlags
    from dbt.contracts.selection import SelectorFile

    settings = (Configuration, PackageConfig, ProfileConfig, Project, ProjectFlags, SelectorFile, DuckDBCredentials)
    for one in settings:
        one.json_schema()
    Manifest.from_msgpack(Manifest().to_msgpack())
    inspect.stack()  # notes which file every module is of, which dbt asks for
    _spare()


def note_imports(to: Path) -> None:
    """Write down what this process has imported."""
    to.write_text("\n".join(sys.modules), "utf-8")


def import_noted(noted: Path) -> None:
    """Import what a run noted, if it came so far."""
    if noted.exists():
        for name in noted.read_text("utf-8").splitlines():
            with suppress(ImportError):
                importlib.import_module(name)
        noted.unlink()
        _spare()


def _spare() -> None:
    """Let the forks look for garbage seldom, and not among what there is already."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
