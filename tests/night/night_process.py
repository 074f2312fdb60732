"""Nights in processes of their own: everything is imported once, then every night is one fork.

For every line ``HISTORY`` or, tab-separated, ``HISTORY FAULT`` on its standard input it forks a night (land what the
history tells, then ``jinguo nightly``), says ``begun PID`` before and ``ended STATUS`` after it (a shell's status: 137
is kill -9).
Ten nights so cost ten nights and not ten times the imports, which are more than half of a small night.
"""

import os
import sys
from pathlib import Path

import dbt.cli.main  # noqa: F401 the night imports it when it builds
import night_faults

import orchestration.definitions  # noqa: F401
from ingest.arrivals import land_history
from ingest.home import Home
from ingest.keys import Keyring
from orchestration.cli import main
from orchestration.lock import night_lock
from tests.imported import import_noted, make_ready, note_imports

_NOTED = Path(os.environ["JINGUO_HOME"]).with_name("imported.txt")


def night(history: Path) -> None:
    """Land and run one night; ends the process with the status of ``jinguo nightly``."""
    home = Home.from_environment()
    with night_lock(home):
        land_history(home, Keyring.open(home), history)
    sys.argv = ["jinguo", "nightly"]
    main()


def say(word: str, number: int) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word} {number}\n")
    sys.stdout.flush()


def forked(history: Path, fault: str | None = None) -> int:
    """Run one night in a fork, with a fault of ``night_faults`` if one is named; return its status."""
    pid = os.fork()
    if pid == 0:
        say("begun", os.getpid())
        status = 0
        try:
            if fault:
                night_faults.FAULTS[fault]()
            night(history)
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 0
            note_imports(_NOTED)
        finally:
            sys.stdout.flush()
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    import_noted(_NOTED)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    make_ready()
    for line in sys.stdin:
        asked = line.rstrip("\n").split("\t")
        say("ended", forked(Path(asked[0]), *asked[1:]))
