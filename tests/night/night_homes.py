"""Homes and nights for these tests: the sample world, a small choice of it, and a night as a process."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from small_project import small_project

from ingest.home import Home
from ingest.keys import create_keys

ROOT = Path(__file__).parents[2]
LEFT = ("keys", "dbt", "dagster")
MONTH = re.compile(r"\d{4}年\d{1,2}月")


@dataclass(frozen=True)
class Arrived:
    """One line of a history: a file's path in the sample, and when it arrived."""

    path: str
    received_at: str


@dataclass(frozen=True)
class World:
    """A home after the night of the whole sample world; ``sample`` lies outside of it."""

    home: Home
    sample: Path
    said: Path
    status: int

    def side(self, name: str) -> Any:
        """A side file of the sample: truth.json, planted.json."""
        return json.loads((self.sample / name).read_text("utf-8"))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What dbt knows of the project."""
        return json.loads((self.home.root / "dbt" / "target" / "manifest.json").read_text("utf-8"))


def read_history(sample: Path) -> list[Arrived]:
    """The sample's arrivals, in their order."""
    return [Arrived(**json.loads(line)) for line in (sample / "history.jsonl").read_text("utf-8").splitlines()]


def write_history(sample: Path, name: str, arrivals: Sequence[Arrived]) -> Path:
    """Write ``arrivals`` as a history beside the files; return its path."""
    path = sample / name
    path.write_text("".join(json.dumps(vars(one), ensure_ascii=False) + "\n" for one in arrivals), "utf-8")
    return path


def few(arrivals: list[Arrived]) -> list[Arrived]:
    """Two files of two senders of every dataset and the first that is named after no day, for such tell of events, and
    every correction and withdrawal with what it is about."""
    by_pair: dict[tuple[str, str], list[Arrived]] = defaultdict(list)
    for one in arrivals:
        sender, dataset = one.path.split("/")[:2]
        by_pair[dataset, sender].append(one)
    chosen: set[Arrived] = set()
    senders = Counter[str]()
    for (dataset, _), ours in by_pair.items():
        senders[dataset] += 1
        if senders[dataset] <= 2:
            undated = [one for one in ours if not any(letter.isdigit() for letter in one.path)]
            chosen |= {*ours[:2], *undated[:1]}
        for special in (one for one in ours if one.path.count("/") == 3):
            month = MONTH.search(special.path)
            chosen |= {one for one in ours if month and month[0] in one.path} | {special}
    return [one for one in arrivals if one in chosen]


def new_home(root: Path, keys_of: Home | None = None) -> Home:
    """An empty home with demo keys, or with those of another home, so that both make the same tokens."""
    home = Home(root)
    if keys_of is None:
        home.prepare()
        create_keys(home, demo=True)
    else:
        shutil.copytree(keys_of.keys, home.keys)
        home.keys.chmod(0o700)
        home.prepare()
    return home


class Nights:
    """A process that forks nights; see ``night_process``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def begin(self, history: Path, *fault: str) -> int:
        """Begin a night, with a fault of ``night_faults`` if one is named; return the number of its process."""
        assert self._process.stdin
        self._process.stdin.write("\t".join((str(history), *fault)) + "\n")
        self._process.stdin.flush()
        return int(self._said("begun"))

    def end(self) -> int:
        """Wait for the night's end; return its status, 137 after a kill."""
        return int(self._said("ended"))

    def run(self, history: Path, *fault: str) -> tuple[int, float]:
        """Run one night from beginning to end; return its status and its seconds."""
        self.begin(history, *fault)
        begun = time.monotonic()
        return self.end(), time.monotonic() - begun

    def _said(self, word: str) -> str:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith(f"{word} "):
                return line.split()[1]
        raise AssertionError(f"the nights' process ended before it said {word}")


@contextmanager
def nights(home: Home, log: Path, tree: Path = ROOT, **environment: str) -> Iterator[Nights]:
    """Start the process that runs nights in ``home`` with the code in ``tree``; its errors go to ``log``."""
    known = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    known |= {"JINGUO_HOME": str(home.root), "PYTHONPATH": f"{tree}{os.pathsep}{ROOT}"} | environment
    program = [sys.executable, str(Path(__file__).with_name("night_process.py"))]
    with (
        log.open("a", encoding="utf-8") as errors,
        subprocess.Popen(
            program, env=known, cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            yield Nights(process)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(60)


def quick_tree(to: Path) -> Path:
    """Copy orchestration and put the small project beside it: a night of a few seconds, of the very same steps."""
    shutil.copytree(ROOT / "orchestration", to / "orchestration")
    small_project(to / "dbt_project")
    return to


@dataclass(frozen=True)
class Quick:
    """A home whose nights take seconds: the small project, the small world in two histories, one night behind it.

    ``saved`` is the home after the first night; ``second_seconds`` is what an undisturbed second one took.
    """

    home: Home
    tree: Path
    process: Nights
    said: Path
    saved: Path
    second: Path
    first_hash: str
    second_hash: str
    second_seconds: float

    def restore(self) -> None:
        """Make the home what it was after the first night; dbt's parse cache and Dagster's storage stay."""
        for path in self.home.root.iterdir():
            if path.name not in LEFT:
                path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)
        shutil.copytree(self.saved, self.home.root, symlinks=True, dirs_exist_ok=True)


def save(home: Home, to: Path) -> Path:
    """Copy what ``Quick.restore`` brings back."""
    return shutil.copytree(home.root, to, symlinks=True, ignore=shutil.ignore_patterns(*LEFT))
