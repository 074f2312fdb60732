"""Shared by the tests of file-like systems."""

from pathlib import Path

import pytest
from shares import DATASET, put


@pytest.fixture
def share(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    put(root / DATASET / "台账一.csv", b"1\n")
    put(root / DATASET / "2024" / "台账二.csv", b"2\n")
    return root
