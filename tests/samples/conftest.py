"""One sample world for all tests of this folder, read from disk as a county's mail would be."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from samples import WorldSummary


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
def world(sample_world: tuple[Path, WorldSummary]) -> Written:
    """The sample world, written once for all processes of a run."""
    return Written(*sample_world)
