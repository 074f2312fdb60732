"""What a build leaves behind for the next refresh: dbt's work database, and what every relation contains.

``home/warm/<run>/``: it goes with exactly one release, one project and one version of the engine, and else is not used.
Nothing in it is needed: without it everything is built again.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from ingest.durable import make_directory
from ingest.home import Home
from orchestration.refresh_content import Content
from warehouse import releases
from warehouse.layout import DATABASES

WORK = "jinguo_work.duckdb"
FILES = (WORK, *(database.file for database in DATABASES))
_STATE, _HALF, _FORM = "state.json", ".half-", 1
_BOOT, _PROCESS = Path("/proc/sys/kernel/random/boot_id"), uuid4().hex


@dataclass(frozen=True)
class Built:
    """What is known of a candidate that was built.

    ``stamp``: of the statements that built it; ``sources``: word of every source; ``content``: of relations, as far as
    known; ``tests``: id -> [status, failures]; ``whole_bytes``: size of its files after the last build from nothing.
    """

    stamp: str
    sources: dict[str, str]
    content: dict[str, Content]
    tests: dict[str, list[Any]]
    whole_bytes: int


@dataclass(frozen=True)
class Kept:
    """What was kept of the build behind the served release: its folder, the release, and what is known of it."""

    folder: Path
    release: releases.Release
    built: Built

    @property
    def places(self) -> dict[str, Path]:
        """Where each of ``FILES`` lies."""
        return {WORK: self.folder / WORK} | {one.file: self.release.path / one.file for one in DATABASES}

    @property
    def has_grown(self) -> bool:
        """Whether the files, whose freed blocks are used again but never given back, are twice what they would be."""
        return sum(path.stat().st_size for path in self.places.values()) > 2 * self.built.whole_bytes


def kept_for(home: Home, stamp: str) -> Kept | str:
    """Return what was kept for the served release under ``stamp``, or in a few words why there is nothing to use."""
    try:
        served = releases.current(home.current)
    except (releases.NoRelease, releases.Damaged):
        return "no release is served"
    for folder in sorted(home.warm.glob("[!.]*"), reverse=True):
        told = _told(folder)
        if told is None or told["release"] != served.run:
            continue
        if told["boot"] != _boot():
            return "the machine was started since"
        kept = Kept(folder, served, Built(**told["built"]))
        if kept.built.stamp != stamp:
            return "the project or a version changed"
        return "the files have grown" if kept.has_grown else kept
    return "nothing was kept of the served release"


def keep(home: Home, candidate: Path, release: str, built: Built) -> None:
    """Take the work database out of ``candidate`` and keep it for ``release``, the release that is about to be served.

    What was kept before stays until ``drop_others``: whichever release is served when this process dies, what goes
    with it is there.
    """
    make_directory(home.warm, 0o700)
    half = home.warm / f"{_HALF}{candidate.name}"
    half.mkdir(mode=0o700)
    (candidate / WORK).rename(half / WORK)
    told = {"form": _FORM, "release": release, "boot": _boot(), "built": asdict(built)}
    (half / _STATE).write_text(json.dumps(told), encoding="utf-8")
    # Not made durable: the boot id tells whether a power cut can have taken a part of it.
    half.rename(home.warm / candidate.name)


def drop_others(home: Home, name: str) -> None:
    """Remove everything that was kept but ``name``."""
    for folder in home.warm.iterdir() if home.warm.exists() else ():
        if folder.name != name:
            shutil.rmtree(folder)


def size_of(candidate: Path) -> int:
    """The bytes of the files of a candidate."""
    return sum((candidate / name).stat().st_size for name in FILES)


def _told(folder: Path) -> dict[str, Any] | None:
    """What was noted beside a work database; nothing where one of both is missing or of another form."""
    try:
        told = json.loads((folder / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if told["form"] == _FORM and (folder / WORK).is_file() else None


def _boot() -> str:
    """Which start of the machine this is; where it cannot be told, every process is one of its own."""
    return _BOOT.read_text().strip() if _BOOT.exists() else _PROCESS
