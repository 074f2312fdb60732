"""What a forked run imported late, imported beforehand by the process that forks: no fork does it again."""

import importlib
import sys
from contextlib import suppress
from pathlib import Path


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
