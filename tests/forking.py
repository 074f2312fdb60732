"""Runs ``jinguo`` in forks of a process that has imported everything: a night costs its work and not its imports.

Reads a line of JSON for each run, ``{"words": [...], "environment": {...}, "said": file}``, forks and says ``begun
PID``; to ``{"end": PID}`` it says ``ended STATUS`` as a shell does: 137 is kill -9. With ``die`` the fork is killed
before its n-th change to the file system below JINGUO_HOME that Python makes, with ``before`` before the first one that
matches a regular expression; ``trace`` names a file that gets a line for each such change. The program knows of none.
"""

import io
import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dbt.cli.main  # noqa: F401 the night imports it when it builds

import orchestration.definitions
import orchestration.worker.worker  # noqa: F401
from orchestration.cli import main
from tests.imported import import_noted, make_ready, note_imports

_CHANGES = ("fsync", "rename", "replace", "link", "symlink", "chmod", "unlink", "remove", "mkdir", "rmdir", "write")
_NOTED = Path(os.environ["JINGUO_HOME"]).with_name("imported.txt")
_MAKING = os.O_CREAT | os.O_WRONLY | os.O_RDWR


class _Changes:
    """Counts the changes that this process makes, and ends it before the one that it is told."""

    def __init__(self, die: int | None, before: str | None, trace: str | None) -> None:
        self._left, self._before = die or -1, re.compile(before) if before else None
        self._trace = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) if trace else None
        self._home, self._write = os.environ["JINGUO_HOME"], os.write

    def count(self, name: str, path: object) -> None:
        """One change, just before it is made."""
        place = self._place(path)
        if not place.startswith(self._home):
            return
        change = f"{name} {place.removeprefix(self._home)}"
        if self._trace is not None:
            self._write(self._trace, f"{change}\n".encode())
        self._left -= 1
        if not self._left or (self._before and self._before.match(change)):
            os.kill(os.getpid(), signal.SIGKILL)

    def _place(self, path: object) -> str:
        if isinstance(path, int):
            return str(Path(f"/proc/self/fd/{path}").readlink())
        place = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        # what is opened below a folder's descriptor is below our home as much as that folder is
        return place if place.startswith("/") else f"{self._home}/…/{place}"

    def watch(self) -> None:
        """Count from now on."""
        for name in _CHANGES:
            setattr(os, name, self._counted(name, getattr(os, name)))
        os.open = self._opened(os.open, lambda given: bool(given & _MAKING))
        io.open = self._opened(io.open, lambda mode: not set("wax+").isdisjoint(mode))
        __builtins__.open = io.open

    def _counted(self, name: str, change: Callable[..., Any]) -> Callable[..., Any]:
        target = 1 if name in ("rename", "replace", "link", "symlink") else 0

        def run(*given: Any, **named: Any) -> Any:
            self.count(name, given[target] if len(given) > target else "")
            return change(*given, **named)

        return run

    def _opened(self, change: Callable[..., Any], is_making: Callable[[Any], bool]) -> Callable[..., Any]:
        def run(path: Any, mode: Any = "r", *given: Any, **named: Any) -> Any:
            if is_making(mode) and not isinstance(path, int):
                self.count("open", path)
            return change(path, mode, *given, **named)

        return run


def run(asked: dict[str, Any]) -> int:
    """Run ``jinguo`` in this process; return its status."""
    said = os.open(asked["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(said, 1), os.dup2(said, 2)
    os.environ |= asked["environment"]
    time.tzset()
    sys.argv = ["jinguo", *asked["words"]]
    watched = [asked.get(name) for name in ("die", "before", "trace")]
    if any(watched):
        _Changes(*watched).watch()
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def begin(asked: dict[str, Any]) -> int:
    """Fork, and run in the fork; return its number."""
    pid = os.fork()
    if pid == 0:
        status = 70
        try:
            status = run(asked)
            note_imports(_NOTED)
        finally:
            sys.stdout.flush(), sys.stderr.flush()
            os._exit(status)
    return pid


def say(word: str, number: int) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word} {number}\n")
    sys.stdout.flush()


def wait(pid: int) -> int:
    """Return how the run ended."""
    _, status, used = os.wait4(pid, 0)
    import_noted(_NOTED)
    sys.stderr.write(f"{pid} took {used.ru_utime + used.ru_stime:.2f} s of processors\n")
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    Path(os.environ["JINGUO_HOME"]).mkdir(parents=True, exist_ok=True)
    make_ready()
    for line in sys.stdin:
        wanted = json.loads(line)
        say(*(("ended", wait(wanted["end"])) if "end" in wanted else ("begun", begin(wanted))))
