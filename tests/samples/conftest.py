"""One sample world for all tests of this folder, read from disk as a county's mail would be."""

import fcntl
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from samples import WorldSummary, write_world


@dataclass(frozen=True)
class Written:
    """A written world: where it lies, what was said of it, and its side files."""

    root: Path
    summary: WorldSummary

    def side(self, name: str) -> Any:
        return json.loads((self.root / name).read_text("utf-8"))

    @property
    def files(self) -> dict[str, bytes]:
        found = (p for p in self.root.glob("*/**/*") if p.is_file())
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in found}


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Written:
    """Written once for all processes of a run: the first one writes it, the others wait and read."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    root, said = shared / "sample_world", shared / "sample_world.json"
    with (shared / "sample_world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(json.dumps(asdict(write_world(root))), "utf-8")
    return Written(root, WorldSummary(**json.loads(said.read_text("utf-8"))))
