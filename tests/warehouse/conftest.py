"""A home in which users other than ours may walk, as a served home is."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def home() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="jinguo-home-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
