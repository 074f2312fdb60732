"""The published releases: which there are, which one is served, going back, and removing old ones."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse import durable, manifest
from warehouse.layout import CORE, MANIFEST, MARTS, checked_run

REMOVED = ".removed-"


class NoRelease(Exception):
    """There is no such release, or none is served yet."""


class Damaged(Exception):
    """A release is not what its manifest says; the message names the release and its first broken file."""


@dataclass(frozen=True)
class Release:
    """One published release.

    ``path`` is its real folder; ``published_at`` UTC, ISO 8601; ``tables`` two-part name -> rows, hash;
    ``files`` path inside the release -> bytes, sha256; ``unchanged`` says that publish found nothing new.
    """

    run: str
    path: Path
    release_hash: str
    published_at: str
    versions: Mapping[str, str]
    facts: Mapping[str, Any]
    tables: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, Mapping[str, Any]]
    unchanged: bool = False


@dataclass(frozen=True)
class Listed:
    """One folder under releases/: ``release`` is None when it is damaged, and ``damage`` then says how."""

    run: str
    release: Release | None
    damage: str | None
    is_current: bool


def current(current_link: Path) -> Release:
    """Return the served release; raises NoRelease when none is, Damaged when it is not whole."""
    if not current_link.exists():
        raise NoRelease(f"no release is served yet: {current_link} leads nowhere; run `jinguo nightly`")
    return _read(current_link.resolve())


def list_releases(releases_root: Path, current_link: Path) -> list[Listed]:
    """Return every release, newest first, then the damaged ones by name. Compares sizes, not contents."""
    served = current_link.resolve().name if current_link.exists() else None
    whole, damaged = [], []
    for path in _folders(releases_root):
        try:
            release = _read(path)
        except Damaged as reason:
            damaged.append(Listed(path.name, None, str(reason), path.name == served))
        else:
            whole.append(Listed(path.name, release, None, path.name == served))
    whole.sort(key=lambda listed: (listed.release.published_at, listed.run), reverse=True)
    return whole + sorted(damaged, key=lambda listed: listed.run)


def show(releases_root: Path, run: str) -> Release:
    """Return one release after comparing every byte of it with its manifest; raises NoRelease, Damaged."""
    path = releases_root / checked_run(run)
    if not path.is_dir():
        raise NoRelease(f"there is no release {run}; `jinguo release list` names those there are")
    release = _read(path.resolve())
    for name, facts in release.files.items():
        if manifest.digest(path / name) != facts["sha256"]:
            raise Damaged(f"release {run}: {name} is not the file that was published")
    return release


def rollback(releases_root: Path, current_link: Path, to: str) -> Release:
    """Serve the release ``to`` again, in one atomic step, after comparing all of it with its manifest.

    Raises NoRelease or Damaged and changes nothing. The next night publishes again when it says something else.
    """
    release = show(releases_root, to)
    durable.point(current_link, release.path)
    return release


def prune(releases_root: Path, current_link: Path, keep: int = 14) -> list[str]:
    """Remove all but the newest ``keep`` releases; return the names of those removed.

    Never the served one, never the one before it (where a rollback would go), never a damaged one: somebody has
    to look at that. Readers who still have a removed release open keep reading it.
    """
    for interrupted in releases_root.glob(f"{REMOVED}*"):
        shutil.rmtree(interrupted)
    removed = superseded(releases_root, current_link, keep)
    for run in removed:
        # First out of sight in one step, so that a killed prune leaves no half release under its own name.
        hidden = releases_root / f"{REMOVED}{run}"
        durable.move(releases_root / run, hidden)
        shutil.rmtree(hidden)
    return removed


def superseded(releases_root: Path, current_link: Path, keep: int) -> list[str]:
    """Return the names of the releases that ``prune`` would remove, newest first."""
    runs = [listed for listed in list_releases(releases_root, current_link) if listed.release]
    place = next((n for n, listed in enumerate(runs) if listed.is_current), None)
    protected = {place, place + 1} if place is not None else set()
    return [listed.run for n, listed in enumerate(runs) if n >= keep and n not in protected]


def _folders(releases_root: Path) -> Iterator[Path]:
    if releases_root.is_dir():
        yield from (path for path in sorted(releases_root.iterdir()) if not path.name.startswith("."))


def _read(path: Path) -> Release:
    """Return the release in ``path`` when every file is there in its size, and none besides."""
    try:
        told = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        names = ("run", "release_hash", "published_at", "versions", "facts", "tables", "files")
        release = Release(path=path, **{name: told[name] for name in names})
    except (OSError, ValueError, KeyError, TypeError):
        raise Damaged(f"release {path.name}: no readable {MANIFEST}") from None
    if release.run != path.name or not {MARTS.file, CORE.file} <= release.files.keys():
        raise Damaged(f"release {path.name}: {MANIFEST} describes something else")
    for name, facts in release.files.items():
        if _size(path / name) not in (facts["bytes"], None):
            raise Damaged(f"release {path.name}: {name} is missing or cut off")
    strangers = {str(p.relative_to(path)) for p in path.rglob("*") if p.is_file()} - release.files.keys() - {MANIFEST}
    if strangers:
        raise Damaged(f"release {path.name}: {min(strangers)} was not published with it")
    return release


def _size(path: Path) -> int | None:
    """Return the size in bytes, -1 when the file is missing, None when this user may not look."""
    try:
        return path.stat().st_size
    except PermissionError:
        return None
    except FileNotFoundError:
        return -1
