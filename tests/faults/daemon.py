"""Dagster's daemon over a home, a group of processes that can be killed at once, and what it noted of its runs."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from forked import environment
from town import ROOT

# What is otherwise given up after minutes only.
_USUAL, _QUICKER = "start_timeout_seconds: 300", "start_timeout_seconds: 20\n  poll_interval_seconds: 1"
GOING = {"QUEUED", "NOT_STARTED", "STARTING", "STARTED"}


class Daemon:
    """A daemon with all that it started."""

    def __init__(self, process: subprocess.Popen[bytes], home: Path, said: Path) -> None:
        self._process, self._home, self._said = process, home, said

    def kill(self) -> None:
        """kill -9, the daemon and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    def until(self, happened: Callable[[], bool], seconds: float = 120) -> None:
        """Wait until something has happened; fails when the daemon ends or it takes too long."""
        until = time.monotonic() + seconds
        while not happened():
            is_alive = self._process.poll() is None
            assert is_alive and time.monotonic() < until, f"{runs(self._home)}\n{self._said.read_text('utf-8')[-3000:]}"
            time.sleep(0.002)


@contextmanager
def daemon(home: Path, tree: Path, said: Path) -> Iterator[Daemon]:
    """Start ``dagster-daemon`` with the program of ``tree``; what it says goes to ``said``."""
    shutil.copy(ROOT / "workspace.yaml", tree)
    known = environment(tree) | {"JINGUO_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    command = [str(Path(sys.executable).with_name("dagster-daemon")), "run", "-w", "workspace.yaml"]
    with said.open("ab") as out:
        process = subprocess.Popen(command, cwd=tree, env=known, stdout=out, stderr=out, start_new_session=True)
    started = Daemon(process, home, said)
    try:
        yield started
    finally:
        started.kill()


def hurry(home: Path) -> None:
    """Have the daemon of ``home`` give up within seconds what never began."""
    path = home / "dagster" / "dagster.yaml"
    text = path.read_text("utf-8")
    assert _USUAL in text
    path.write_text(text.replace(_USUAL, _QUICKER), encoding="utf-8")


def runs(home: Path) -> list[str]:
    """How each run that Dagster knows stands, in their order."""
    path = home / "dagster" / "history" / "runs.db"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as book:
            return [status for (status,) in book.execute("select status from runs order by id")]
    except sqlite3.OperationalError:
        return []
