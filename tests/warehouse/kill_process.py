"""Publishes, and is killed at the n-th change to the file system, for n = 1, 2, 3, … until a publish survives.

python kill_process.py HOME: prints one line of JSON with what was served after each kill. This process opens no
DuckDB file itself: every act is a fork of it, so that no thread is lost in a fork.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import tiny

from warehouse import candidate, publish, releases

CHANGES = ("fsync", "rename", "replace", "symlink", "chmod", "unlink", "mkdir", "rmdir")


def forked(act: Callable[[], object]) -> int:
    """Run ``act`` in a child; return how it ended: 0, or minus the signal that killed it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        act()
        sys.stdout.flush()
        os._exit(0)
    except BaseException as error:  # the child must never return into the loop of its parent
        sys.stderr.write(f"{type(error).__name__} {error}\n")
        sys.stderr.flush()
        os._exit(1)


def die_at(number: int) -> None:
    """From now on, kill this process just before its ``number``-th change."""
    left = [number]

    def counted(change: Callable) -> Callable:
        def run(*given, **named):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return change(*given, **named)

        return run

    for name in CHANGES:
        setattr(os, name, counted(getattr(os, name)))


def publish_copy(home: Path, run: str, ready: Path, die: int | None) -> None:
    build = candidate.create(home / "build", run)
    shutil.copytree(ready, build, dirs_exist_ok=True)
    if die:
        die_at(die)
    publish.publish(build, home / "releases", home / "current", run, {})


def prepare(home: Path, marker: int) -> None:
    shutil.copytree(tiny.audited(home, f"ready{marker}", marker), home / f"ready{marker}")


def main() -> None:
    home = Path(sys.argv[1])
    # A killed child clears nothing away, so all of it lies where the test clears.
    tempfile.tempdir = str(home)
    for marker in (1, 2, 3):
        assert forked(lambda m=marker: prepare(home, m)) == 0
    assert forked(lambda: publish_copy(home, "r000", home / "ready1", None)) == 0
    told, ended = [], -signal.SIGKILL
    number = 0
    while ended == -signal.SIGKILL and number < 200:
        number += 1
        before = releases.current(home / "current").run
        wanted = home / f"ready{2 + number % 2}"
        ended = forked(lambda n=number, w=wanted: publish_copy(home, f"r{n:03}", w, n))
        served = releases.current(home / "current").run
        whole = releases.show(home / "releases", served).run
        damaged = [x.run for x in releases.list_releases(home / "releases", home / "current") if x.damage]
        after = forked(lambda n=number: publish_copy(home, f"r{n:03}-again", home / "ready1", None))
        told.append({
            "ended": ended, "before": before, "served": served, "whole": whole, "damaged": damaged,
            "next": after, "then": releases.current(home / "current").release_hash,
        })  # fmt: skip
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
