"""Landing and keys are enough: all else is deleted, ``jinguo rebuild`` makes the identical release."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.ledger import Ledger
from orchestration import last_night, rebuild
from orchestration.problems import Problem
from orchestration.refresh import kept
from tests.operators.installation import Installation
from tests.orchestration.small_home import run_here
from warehouse import releases

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"


@pytest.fixture
def own(installation: Installation, tmp_path: Path) -> Installation:
    """A copy of the home in which a person decided something; the shared one is read by others."""
    root = shutil.copytree(installation.home.root, tmp_path / "home", symlinks=True)
    return Installation(installation.tree, Home(root))


def shell(block: str, own: Installation, **places: str) -> str:
    """Run a block of the document as it stands, in the folder of the code; return what it prints."""
    tool = own.tree / ".venv" / "bin" / "jinguo"
    tool.parent.mkdir(parents=True, exist_ok=True)
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m orchestration.cli "$@"\n')
    tool.chmod(0o755)
    environment = own.environment | places
    ran = subprocess.run(
        ["sh", "-ec", block], cwd=own.tree, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2000:]
    return ran.stdout


def block_under(heading: str) -> str:
    """The first block to be run under a heading of the document."""
    return re.findall(rf"^## {heading} .*?^```sh\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.M | re.S)[0]


def test_what_was_backed_up_is_restored_to_the_identical_release(own: Installation, tmp_path: Path) -> None:
    home, places = own.home, {"BACKUP": str(tmp_path / "backup"), "KEYS_BACKUP": str(tmp_path / "keys-backup")}
    served = releases.current(home.current)
    with Ledger(home) as ledger:
        before = ledger.current()
    assert "refused_by_person" in before["reason_code"].to_list(), "the decision counts"
    (home.root / "alerts.toml").write_text('due = "05:00"\n', "utf-8")
    shell(block_under("Back up"), own, **places)
    shell(block_under("Back up"), own, **places)  # the next day's
    assert not list(Path(places["BACKUP"]).rglob("*.key")), "keys lie elsewhere"
    shutil.rmtree(home.root)
    told = shell(block_under("Restore"), own, **places)
    assert f"release_hash {served.release_hash[:16]}" in told
    made = releases.current(home.current)
    assert (made.release_hash, made.run != served.run) == (served.release_hash, True)
    with Ledger(home) as ledger:
        assert ledger.current().equals(before)
    assert (home.root / "alerts.toml").exists()
    assert home.keys.stat().st_mode & 0o777 == 0o700


def test_nothing_is_dropped_while_a_refresh_is_being_kept(own: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_WAIT_SECONDS", 0.0)
    with kept.alone(own.home), pytest.raises(Problem, match="another night is writing"):
        rebuild.rebuild(own.home, Keyring.open(own.home), 0.0)
    assert any(own.home.clean.iterdir())


def test_what_lies_in_the_inbox_is_not_landed_by_a_rebuild(own: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is dropped before, nothing is built out of anything but landing."""
    home = own.home
    ledger = next(home.inbox.glob("*/pairings/*"))
    ledger.with_name("later.csv").write_bytes(ledger.read_bytes() + b"x")
    with Ledger(home) as known:
        before = known.deliveries()
    monkeypatch.setattr(rebuild, "_build", lambda home: pytest.fail("far enough"))
    with pytest.raises(pytest.fail.Exception, match="far enough"):
        rebuild.rebuild(home, Keyring.open(home), 1)
    with Ledger(home) as known:
        assert known.deliveries() == before
    assert last_night.ended(home)["state"] == "failed"
    assert home.current.exists(), "what is served stays served"


def test_nobody_is_asked_twice_and_nothing_is_dropped_without_a_yes(own: Installation) -> None:
    served = own.home.current.resolve()
    ran = run_here(own.home.root, "rebuild")
    assert ran.returncode == 1
    assert own.home.ledger.exists()
    assert own.home.current.resolve() == served


def test_where_nothing_was_landed_nothing_is_rebuilt(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    create_keys(home, demo=True)
    ran = run_here(home.root, "rebuild", "--yes")
    assert ran.returncode == 1
    assert "nothing_landed" in ran.stderr
