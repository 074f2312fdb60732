"""What a build leaves behind for the next refresh: dbt's work database, and what every relation contains.

``home/warm/<run>/``: it goes with exactly one release, one project and one version of the engine, and else is not used.
Nothing in it is needed: without it everything is built again. A refresh works in it as it lies there, and writes it to
its file when its release is served: whenever it ends before that, what was kept is what it was.
"""

import json
import shutil
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from ingest.durable import make_directory
from ingest.home import Home
from orchestration.lock import exclusive
from orchestration.refresh.content import Content
from warehouse import manifest, releases
from warehouse.layout import DATABASES

WORK = "jinguo_work.duckdb"
FILES = (WORK, *(database.file for database in DATABASES))
_STATE, _HALF, _FORM = "state.json", ".half-", 2
_WAIT_SECONDS = 60.0
_BOOT, _PROCESS = Path("/proc/sys/kernel/random/boot_id"), uuid4().hex


@dataclass(frozen=True)
class Built:
    """What is known of a candidate that was built.

    ``stamp``: of the statements that built it; ``sources``: the files of every source; ``content``: of relations, as
    far as known; ``tests``: id -> [status, failures]; ``whole_bytes``: size of its files after the last build from
    nothing.
    """

    stamp: str
    sources: dict[str, dict[str, str]]
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
    def work(self) -> Path:
        """The work database."""
        return self.folder / WORK

    @property
    def has_grown(self) -> bool:
        """Whether the files, whose freed blocks are used again but never given back, are twice what they would be."""
        files = [self.work, *(self.release.path / one.file for one in DATABASES)]
        return sum(path.stat().st_size for path in files) > 2 * self.built.whole_bytes


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


@contextmanager
def alone(home: Home) -> Generator[None]:
    """Be the only one who touches what is kept. A refresh writes it when its run, and the lock of that, are over.

    Raises ``Problem`` night_busy.
    """
    with exclusive(home.warm.with_suffix(".lock"), _WAIT_SECONDS):
        yield


def set_aside(home: Home, candidate: Path) -> Path:
    """Take the work database out of a candidate that dbt built; return the folder in which it lies, not yet kept."""
    make_directory(home.warm, 0o700)
    folder = home.warm / f"{_HALF}{candidate.name}"
    folder.mkdir(mode=0o700)
    (candidate / WORK).rename(folder / WORK)
    return folder


def forget(folder: Path) -> None:
    """Let what lies in ``folder`` go with no release, for it is about to change."""
    (folder / _STATE).unlink(missing_ok=True)


def keep(home: Home, folder: Path, release: str, built: Built) -> None:
    """Keep what lies in ``folder``, now written to its file, for ``release``, which is served, and nothing else."""
    told = {"form": _FORM, "release": release, "boot": _boot(), "built": asdict(built)}
    # Not made durable: the boot id tells whether a power cut can have taken a part of it.
    (folder / _HALF).write_text(json.dumps(told), encoding="utf-8")
    (folder / _HALF).rename(folder / _STATE)
    kept = home.warm / folder.name.removeprefix(_HALF)
    folder.rename(kept)
    for other in home.warm.iterdir():
        if other != kept:
            shutil.rmtree(other)


def copy_ahead(release: releases.Release, folder: Path) -> None:
    """Lay copies of the files of ``release`` into ``folder``: copying them takes longer than most models."""
    for one in DATABASES:
        half = folder / f"{_HALF}{Path(one.file).name}"
        shutil.copyfile(release.path / one.file, half)
        half.rename(folder / Path(one.file).name)


def copy(kept: Kept, candidate: Path) -> bool:
    """Lay the released files into ``candidate``, those copied ahead where they are there.

    Returns whether they are, byte for byte, those that were audited: what is copied is not audited again.
    """
    with ThreadPoolExecutor(len(DATABASES)) as threads:
        return all(threads.map(lambda one: _copied(kept, one.file, candidate / one.file), DATABASES))


def _copied(kept: Kept, file: str, to: Path) -> bool:
    ahead = kept.folder / Path(file).name
    if ahead.exists():
        ahead.rename(to)
    else:
        shutil.copyfile(kept.release.path / file, to)
    return manifest.digest(to) == kept.release.files[file]["sha256"]


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
