"""kill -9 before every single change that publishing makes to the file system."""

import json
import os
import subprocess
import sys
from pathlib import Path

import kill_process

from warehouse import publish


def test_a_whole_release_is_served_after_a_kill_at_every_step(home: Path) -> None:
    root = str(Path(publish.__file__).parents[1])
    ran = subprocess.run(
        [sys.executable, kill_process.__file__, home], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": root}, timeout=120)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    killed, survived = told[:-1], told[-1]
    new = sum(t["served"] != t["before"] for t in killed)
    sys.stdout.write(f"killed at {len(killed)} steps; after {new} of them the new release was served\n")
    assert (survived["ended"], survived["served"]) == (0, f"r{len(told):03}")
    # Two kinds of step must occur: before the swap (old release served) and after it (new release served).
    assert len(killed) >= 20
    assert {t["served"] == t["before"] for t in killed} == {True, False}
    assert all(t["served"] in (t["before"], f"r{n:03}") for n, t in enumerate(killed, 1))
    assert all(t["whole"] == t["served"] and not t["damaged"] for t in told)
    assert all(t["next"] == 0 for t in told), ran.stderr
    assert len({t["then"] for t in told}) == 1
