"""Runs of ``jinguo`` as processes, and homes that can be put back to what they were."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from town import ROOT
from verify import Said

LEFT = ("keys", "dbt", "dagster")


@dataclass(frozen=True)
class Ran:
    """A run that ended: its status as a shell has it, and all that it said."""

    status: int
    said: str


class Running:
    """A run that goes on."""

    def __init__(self, runs: "Runs", pid: int, said: Path) -> None:
        self._runs, self.pid, self._said = runs, pid, said

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

    def end(self) -> Ran:
        """Wait for its end."""
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


def copied(home: Path, to: Path) -> Path:
    """Copy a whole home."""
    shutil.copytree(home, to, symlinks=True)
    return to


def restore(home: Path, saved: Path) -> None:
    """Make ``home`` what ``saved`` is, but for what no release is made of: dbt's parse and Dagster's storage."""
    for path in home.iterdir():
        if path.name not in LEFT:
            path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)
    for path in saved.iterdir():
        if path.name in LEFT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, home / path.name, symlinks=True)
        else:
            shutil.copy2(path, home / path.name, follow_symlinks=False)


@dataclass(frozen=True)
class Town:
    """``saved`` is a home before its second night, ``after`` one after it; ``first`` and ``second`` are what homes say
    after each; ``home`` is the one that may be disturbed."""

    runs: Runs
    saved: Path
    after: Path
    first: Said
    second: Said
    home: Path

    def again(self) -> Path:
        """The home that may be disturbed, as it was before its second night."""
        restore(self.home, self.saved)
        return self.home
