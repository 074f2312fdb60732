"""Small homes for the tests of this layer, and the command as people start it."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

from ingest.home import Home
from ingest.keys import create_keys
from samples import write_scaled

ROOT = Path(__file__).parents[2]
Ran = subprocess.CompletedProcess[str]

PLANTED = "select delivery_id from {{ ref('deliveries_counted') }} where clean_records >= 0"
# A code location as Dagster loads it, with the small project in place of the real one.
WITH_PROJECT = """\
from pathlib import Path

import orchestration.project

orchestration.project.PROJECT = Path({project!r})
from orchestration.definitions import defs
"""


def environment(home: Path) -> dict[str, str]:
    """The environment of somebody who set nothing: no DAGSTER_HOME, no activated environment."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DAGSTER_HOME", "VIRTUAL_ENV")}
    return kept | {"JINGUO_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}


def run(home: Path, *words: str) -> Ran:
    """Run a program of this Python for ``home`` in a process of its own."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def run_cli(home: Path, *words: str) -> Ran:
    """Run ``jinguo``."""
    return run(home, "-m", "orchestration.cli", *words)


def run_here(home: Path, *words: str) -> Ran:
    """Run ``jinguo`` in this process: for what starts no night, a tenth of the cost."""
    from orchestration.cli import main

    said, complained, code = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict(os.environ, {"JINGUO_HOME": str(home)}),
        mock.patch.object(sys, "argv", ["jinguo", *words]),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complained),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
    return Ran(words, code, said.getvalue(), complained.getvalue())


def delivered(root: Path, *datasets: str) -> Home:
    """Return a home with keys and an inbox, of which no file is fresh: all of the small world, or some datasets."""
    home = Home(root)
    home.prepare()
    create_keys(home, demo=True)
    write_scaled(home.inbox, 2, 1, 7)
    for answer in home.inbox.glob("*.json*"):
        answer.unlink()
    for folder in home.inbox.glob("*/*"):
        if datasets and folder.name not in datasets:
            shutil.rmtree(folder)
    settle(home)
    return home


def pairings_of_one(home: Home) -> Path:
    """The folder of the inbox with the pairings of the first sender that has some."""
    return min(home.inbox.glob("*/pairings"))


def settle(home: Home) -> None:
    """Make every file of the inbox old, so that no night waits for it."""
    for path in home.inbox.rglob("*"):
        if path.is_file():
            os.utime(path, (1_700_000_000, 1_700_000_000))
