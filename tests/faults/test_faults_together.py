"""Several at once over one home: one works, the others wait or say so, and nothing is done twice or by halves."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from forked import Running
from runs import Town


def _until(running: Running, happened: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert running.is_alive and time.monotonic() < until, running.said
        time.sleep(0.02)


def _holds(home: Path, running: Running) -> bool:
    return (home / "night.lock").read_text("utf-8").strip() == str(running.pid)


def test_two_nights_at_once(town: Town, verified: Callable) -> None:
    home = town.again()
    both = [town.runs.begin(home) for _ in range(2)]
    said = [ran.said for ran in (one.end() for one in both) if ran.status == 0]
    assert len(said) == 2
    assert sum("is served at" in one for one in said) == 1
    assert sum("Nothing new" in one for one in said) == 1
    verified(home)


def test_who_does_not_wait_is_told_that_another_night_is_at_work(town: Town, verified: Callable) -> None:
    home = town.again()
    first = town.runs.begin(home)
    _until(first, lambda: _holds(home, first))
    for words in (("nightly", "--wait", "0"), ("land", "--wait", "0")):
        refused = town.runs.run(home, *words)
        assert refused.status == 1 and "night_busy" in refused.said and "Traceback" not in refused.said, refused.said
    looked = town.runs.run(home, "status")
    assert looked.status == 0 and "Traceback" not in looked.said, looked.said
    waited = town.runs.begin(home, "land")
    assert first.end().status == 0
    assert waited.end().status == 0
    verified(home)


def test_a_worker_and_a_night_at_once(town: Town, verified: Callable) -> None:
    home = town.again()
    worker = town.runs.begin(home, "worker", "--sweep", "1", "--pull-minutes", "0")
    night = town.runs.begin(home)
    assert night.end().status == 0
    worker.until("watching")
    os.kill(worker.pid, signal.SIGTERM)
    ended = worker.end()
    sys.stdout.write(ended.said)
    assert ended.status == 0 and "失败" not in ended.said and "Traceback" not in ended.said, ended.said
    verified(home)
