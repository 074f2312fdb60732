"""What the last night left behind for the next one and for ``jinguo status``: counts and codes, no value of a row."""

import datetime as dt
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.durable import make_directory, write_durably
from ingest.home import Home
from orchestration.lock import is_held
from orchestration.project import project_files
from warehouse import releases

NOTE = "logs/last_night.json"
ENDED_WELL = ("done", "nothing_new")


def inputs_hash(home: Home) -> str:
    """Hash of all that a release is made from: the deliveries as they stand, the reasons, and the dbt project."""
    digest = hashlib.sha256()
    for path in (*sorted(home.deliveries.glob("*.parquet")), *project_files()):
        facts = path.stat()
        digest.update(path.name.encode() + _digest(path, facts.st_size, facts.st_mtime_ns))
    return digest.hexdigest()


@lru_cache(maxsize=1_000)  # a warm process asks twice a run, of files that mostly lie as they lay
def _digest(path: Path, _size: int, _changed_ns: int) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def is_released(home: Home, inputs: str) -> bool:
    """Whether the served release was made from ``inputs``, or a night proved that they make the same."""
    try:
        served = releases.current(home.current)
    except (releases.NoRelease, releases.Damaged):
        return False
    return served.facts.get("inputs_hash") == inputs or read(home).get("proved") == [inputs, served.run]


def read(home: Home) -> dict[str, Any]:
    """What the last night noted: state (running, done, nothing_new, failed), at, run, proved,
    ended_well_at, and the code of a failure where somebody learned it; empty at first."""
    path = home.root / NOTE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def ended(home: Home) -> dict[str, Any]:
    """What ``read`` says, with state killed where a night noted that it runs and no process holds its lock."""
    noted = read(home)
    # read again: a night that ends just now notes it before it lets go of its lock
    is_dead = noted.get("state") == "running" and not is_held(home.lock) and read(home) == noted
    return noted | {"state": "killed"} if is_dead else noted


def write(home: Home, state: str, **facts: object) -> None:
    """Note that the night is now in ``state``; what is not in ``facts`` stays as it was."""
    path = home.root / NOTE
    make_directory(path.parent)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    noted = {name: value for name, value in read(home).items() if name != "code"}
    noted |= {"state": state, "noted_at": now} | ({"ended_well_at": now} if state in ENDED_WELL else {}) | facts
    write_durably(path, json.dumps(noted, indent=1).encode() + b"\n")
