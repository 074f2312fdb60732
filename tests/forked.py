"""``jinguo`` in forks of a process that has imported everything; see ``forking``."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ran:
    """A run that ended: its status as a shell has it, and all that it said."""

    status: int
    said: str


class Running:
    """A run that goes on."""

    def __init__(self, runs: "Runs", pid: int, said: Path) -> None:
        self._runs, self.pid, self._said, self.has_ended = runs, pid, said, False

    @property
    def said(self) -> str:
        """What it said so far."""
        return self._said.read_text("utf-8", "replace") if self._said.exists() else ""

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
        except FileNotFoundError:
            return False

    def kill(self) -> None:
        """kill -9, if it has not ended."""
        if self.is_alive:
            os.kill(self.pid, signal.SIGKILL)

    def until(self, word: str, seconds: float = 120) -> None:
        """Wait until it has said ``word``; fails when it ends or takes too long."""
        until = time.monotonic() + seconds
        while word not in self.said:
            assert self.is_alive and time.monotonic() < until, self.said
            time.sleep(0.02)

    def end(self, seconds: float = 600) -> Ran:
        """Wait for its end; fails when that takes too long."""
        until = time.monotonic() + seconds
        while self.is_alive:
            assert time.monotonic() < until, self.said
            time.sleep(0.02)
        self.has_ended = True
        return Ran(int(self._runs.ask({"end": self.pid}, "ended")), self.said)


class Runs:
    """Starts runs over homes with the program of ``tree``; see ``forking``."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, tree: Path) -> None:
        self._process, self._folder, self.tree, self._count = process, folder, tree, 0

    def ask(self, line: dict[str, Any], word: str) -> str:
        """Ask the forking process; return what it answers."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        for said in self._process.stdout:
            if said.startswith(f"{word} "):
                return said.split()[1]
        raise AssertionError("the forking process ended")

    def begin(self, home: Path, *words: str, **more: Any) -> Running:
        """Begin ``jinguo`` with ``words``, a night where there are none; ``more``: environment, die, trace."""
        self._count += 1
        said = self._folder / f"said-{self._count}.txt"
        environment = {"JINGUO_HOME": str(home)} | more.pop("environment", {})
        asked = {"words": words or ["nightly"], "environment": environment, "said": str(said)} | more
        return Running(self, int(self.ask(asked, "begun")), said)

    def run(self, home: Path, *words: str, **more: Any) -> Ran:
        """Run it from its beginning to its end."""
        return self.begin(home, *words, **more).end()

    @contextmanager
    def during(self, home: Path, *words: str) -> Iterator[Running]:
        """Run it for the length of the block; what goes on then is killed."""
        running = self.begin(home, *words)
        try:
            yield running
        finally:
            if not running.has_ended:
                running.kill()
                running.end()


def environment(tree: Path) -> dict[str, str]:
    """What a process with the program of ``tree`` gets from somebody who set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAGSTER", "JINGUO"))}
    return kept | {"PYTHONPATH": f"{tree}{os.pathsep}{ROOT}"}


@contextmanager
def running(folder: Path, tree: Path) -> Iterator[Runs]:
    """Start the forking process; its own words, of which there should be none, go to ``folder``."""
    program = [sys.executable, str(Path(__file__).with_name("forking.py"))]
    known = environment(tree) | {"JINGUO_HOME": str(folder / "nowhere"), "COLUMNS": "300"}
    with (
        (folder / "forking.txt").open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            program, env=known, cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            yield Runs(process, folder, tree)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(60)
