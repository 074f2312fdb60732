"""The home: every path below one root, every folder with the rights that its content needs."""

import os
import stat
from pathlib import Path

import pytest

from ingest.home import Home

PATHS = {
    "inbox": "inbox",
    "landing": "landing",
    "objects": "landing/objects",
    "receipts": "landing/receipts",
    "staging": "landing/staging",
    "ledger": "ledger.sqlite",
    "clean": "clean",
    "rejects": "rejects",
    "findings": "findings",
    "deliveries": "deliveries",
    "build": "build",
    "releases": "releases",
    "current": "current",
    "keys": "keys",
    "dagster": "dagster",
    "lock": "night.lock",
}


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(("name", "place"), PATHS.items())
def test_every_path_lies_where_the_architecture_says(name, place):
    assert getattr(Home(Path("/srv/jinguo")), name) == Path("/srv/jinguo") / place


def test_the_environment_names_the_root_and_it_is_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JINGUO_HOME", "elsewhere")
    assert Home.from_environment().root == tmp_path / "elsewhere"
    monkeypatch.setenv("JINGUO_HOME", "")
    assert Home.from_environment().root == tmp_path / "var"
    monkeypatch.delenv("JINGUO_HOME")
    assert Home.from_environment().root == tmp_path / "var"


@pytest.mark.parametrize("umask", [0o000, 0o777])
def test_prepare_gives_each_folder_its_rights_whatever_the_umask(tmp_path, umask):
    home = Home(tmp_path / "a" / "home")
    before = os.umask(umask)
    try:
        home.prepare()
    finally:
        os.umask(before)
    assert {
        name: mode_of(getattr(home, name)) for name in ("landing", "objects", "receipts", "keys", "dagster")
    } == dict.fromkeys(("landing", "objects", "receipts", "keys", "dagster"), 0o700)
    assert {mode_of(path) for path in (home.clean, home.rejects, home.findings, home.deliveries, home.build)} == {0o750}
    assert {mode_of(path) for path in (home.root, home.releases)} == {0o755}


def test_prepare_again_narrows_landing_but_leaves_widened_keys_to_be_noticed(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    home.landing.chmod(0o755)
    home.keys.chmod(0o755)
    home.prepare()
    assert (mode_of(home.landing), mode_of(home.keys)) == (0o700, 0o755)
