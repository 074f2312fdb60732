"""What is kept goes with one release and is never half used; who is killed while he uses it loses nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from refreshing import Refreshing, few
from small_home import ROOT

from orchestration.dbt_build import target
from orchestration.dbt_statements import load, save
from orchestration.problems import Problem
from orchestration.refresh import kept as refresh_kept
from orchestration.refresh.kept import kept_for
from orchestration.refresh.refresh import NotRefreshed, statements_of
from warehouse import reader, releases


def test_what_was_kept_goes_with_the_served_release_only(home: Refreshing) -> None:
    first = home.served
    assert first
    home.count(few(home, "pairings"))
    home.refresh()
    releases.rollback(home.home.releases, home.home.current, first.run)
    with pytest.raises(NotRefreshed, match="nothing was kept of the served release"):
        home.refresh()


def test_what_was_kept_goes_with_one_project_one_engine_and_one_start(
    home: Refreshing, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = statements_of(home.home)
    assert statements
    assert kept_for(home.home, statements.stamp + "0") == "the project or a version changed"
    monkeypatch.setattr(refresh_kept, "_boot", lambda: "another")
    assert kept_for(home.home, statements.stamp) == "the machine was started since"
    save(target(home.home) / "other.json", statements)
    assert load(target(home.home) / "other.json", statements.stamp + "0") is None


def test_files_that_have_grown_are_built_anew(home: Refreshing) -> None:
    [folder] = home.home.warm.iterdir()
    told = json.loads((folder / "state.json").read_text("utf-8"))
    told["built"]["whole_bytes"] = 1
    (folder / "state.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(NotRefreshed, match="the files have grown"):
        home.refresh()


def _spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def test_a_released_file_that_somebody_changed_is_not_copied_on(home: Refreshing) -> None:
    assert home.served
    _spoil(home.served.path / "jinguo.duckdb")
    with pytest.raises(NotRefreshed):
        home.refresh()


def test_a_copy_made_ahead_that_somebody_changed_is_not_worked_in(home: Refreshing) -> None:
    home.count(few(home, "pairings"))
    home.refresh()
    [folder] = home.home.warm.iterdir()
    _spoil(folder / "jinguo.duckdb")
    home.count(few(home, "pairings", "care_activities"))
    with pytest.raises(NotRefreshed, match="not what was published"):
        home.refresh()


_KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {tests!r} + "/orchestration"]
from refreshing import use_project
import pytest
from ingest.home import Home
from orchestration.refresh.refresh import refresh
from warehouse import candidate
use_project(pytest.MonkeyPatch(), Path({project!r}))
home, heard = Home(Path({home!r})), []
def on_done(unique_id):
    heard.append(unique_id)
    if len(heard) == {at}:
        os.kill(os.getpid(), signal.SIGKILL)
refresh(home, lambda: candidate.create(home.build, "killed"), on_done)
"""


@pytest.mark.parametrize("at", [2, 4, 6])
def test_a_killed_refresh_leaves_what_was_kept_and_what_is_served(home: Refreshing, at: int) -> None:
    from orchestration import project

    home.count(few(home, "pairings"))
    places = {"tests": str(ROOT / "tests"), "project": str(project.PROJECT), "home": str(home.home.root), "at": at}
    before, known = home.served, statements_of(home.home)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED.format(**places)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    assert (home.home.build / "killed" / "jinguo.duckdb").exists()
    assert home.served == before
    assert known
    assert not isinstance(kept_for(home.home, known.stamp), str)
    _, refreshed = home.refresh()
    assert reader.query(home.home.current, "select count(*) from marts.deliveries_counted").rows == [
        (len(few(home, "pairings")),)
    ]
    assert home.build().release_hash == refreshed.release_hash


def test_nobody_begins_while_the_one_before_is_being_kept(home: Refreshing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh_kept, "_WAIT_SECONDS", 0.0)
    with refresh_kept.alone(home.home), pytest.raises(Problem, match="another night is writing"):
        home.refresh()
    home.refresh()


_KILLED_KEEPING = """
import itertools, os, signal, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {tests!r} + "/orchestration"]
import polars as pl
import pytest
from refreshing import Refreshing, use_project
from ingest.home import Home
from orchestration.refresh import refresh
use_project(pytest.MonkeyPatch(), Path({project!r}))
done = refresh.{after}
def killed(*how):
    done(*how)
    os.kill(os.getpid(), signal.SIGKILL)
refresh.{after} = killed
Refreshing(Home(Path({home!r})), pl.DataFrame(), itertools.count(500)).refresh()
"""


@pytest.mark.parametrize("after", ["forget", "copy_ahead", "keep"])
def test_killed_while_it_keeps_it_has_published_and_the_next_one_is_right(home: Refreshing, after: str) -> None:
    from orchestration import project

    home.count(few(home, "pairings"))
    places = {"tests": str(ROOT / "tests"), "project": str(project.PROJECT), "home": str(home.home.root)}
    before = home.served
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED_KEEPING.format(after=after, **places)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    assert home.served != before
    home.count(few(home, "pairings", "care_activities"))
    if after == "keep":
        _, release = home.refresh()
    else:
        with pytest.raises(NotRefreshed, match="nothing was kept of the served release"):
            home.refresh()
        release = home.build()
    assert home.build().release_hash == release.release_hash
