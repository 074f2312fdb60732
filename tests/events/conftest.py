"""What several tests of events start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from event_homes import new_home
from receiving import OTHER, SECRET, Serving, served, settings_of


@pytest.fixture
def serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """A receiver over an empty home, on a port of its own."""
    monkeypatch.setenv("RECEIVER_DONGGANG", SECRET)
    monkeypatch.setenv("RECEIVER_LANSHAN", OTHER)
    home = new_home(tmp_path / "home")
    with served(home, settings_of(home)) as made:
        yield made
