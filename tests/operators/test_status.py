"""What ``jinguo status`` says of who reported what, and that it puts first what has to be looked at."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from ingest.home import Home
from ingest.ledger import Ledger
from ingest.pulled import Pulled
from orchestration import reporting
from orchestration.reporting import Standing, by_dataset, by_sender, described
from tests.operators.installation import Installation
from tests.orchestration.small_home import run_here

AT = datetime(2024, 5, 6, tzinfo=UTC)
PERIODS = [
    ("late-one", "children", "2024-01-01", "on_time"),
    ("late-one", "children", "2024-02-01", "late"),
    ("late-one", "children", "2024-03-01", "missing"),
    ("late-one", "pairings", "2024-01-01", "missing"),
    ("late-one", "pairings", "2024-02-01", "on_time"),
    ("good-one", "children", "2024-01-01", "on_time"),
    ("held-one", "children", "2024-01-01", "on_time"),
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that serves nothing but the periods that were due."""
    home, release = Home(tmp_path), tmp_path / "releases" / "one"
    release.mkdir(parents=True)
    with duckdb.connect(str(release / "jinguo.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.delivery_status (sender text, dataset text, period_from date, state text)"
        )
        connection.executemany("insert into marts.delivery_status values (?, ?, ?, ?)", PERIODS)
    home.current.symlink_to(Path("releases") / "one")
    return home


def deliveries(*told: tuple[str, str, str]) -> pl.DataFrame:
    """Deliveries: sender, dataset, state."""
    rows = [(sender, dataset, state, AT) for sender, dataset, state in told]
    schema = {"sender": pl.String, "dataset": pl.String, "state": pl.String, "received_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(rows, schema=schema, orient="row")


TOLD = deliveries(
    ("late-one", "children", "clean"),
    ("late-one", "pairings", "refused"),
    ("good-one", "children", "clean"),
    ("good-one", "funds", "clean"),
    ("held-one", "children", "held"),
    ("pull-one", "targets", "clean"),
)


def test_the_three_states_are_all_that_was_due(home: Home) -> None:
    rows = {(one["sender"], one["dataset"]): one for one in described(by_dataset(home, TOLD))}
    assert all(one["on_time"] + one["late"] + one["missing"] == one["due"] for one in rows.values())
    late = rows["late-one", "children"]
    assert (late["due"], late["on_time"], late["late"], late["missing"]) == (3, 1, 1, 1)
    assert (late["reporting_share"], late["timeliness_share"]) == (2 / 3, 1 / 3)
    assert late["newest_state"] == "missing"
    assert (rows["late-one", "pairings"]["refused"], rows["held-one", "children"]["held"]) == (1, 1)
    nothing_due = rows["good-one", "funds"]
    assert (nothing_due["due"], nothing_due["reporting_share"]) == (0, None)


def test_what_has_to_be_looked_at_comes_first(home: Home) -> None:
    several = by_sender(by_dataset(home, TOLD), {"pull-one": "failed", "good-one": "ok"})
    assert [one.sender for one in several] == ["pull-one", "held-one", "late-one", "good-one"]
    late = several[2]
    assert (late.due, late.on_time, late.late, late.missing, late.missing_now) == (5, 2, 1, 2, 1)
    assert (late.reporting_share, late.timeliness_share) == (3 / 5, 2 / 5)
    assert several[0].reporting_share is None


def test_without_a_release_nothing_is_due(tmp_path: Path) -> None:
    assert by_dataset(Home(tmp_path), TOLD)["due"].sum() == 0


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A screen of 100 columns; what it showed, as lines."""
    from rich.console import Console

    from orchestration import screen

    console = Console(highlight=False, width=100, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    monkeypatch.setattr(screen, "out", console)
    yield lambda: console.export_text().splitlines()
    console.file.close()


def test_twenty_one_senders_fit_on_one_screen(narrow: Any) -> None:
    from orchestration.commands.status import _print_senders

    of_one = {"datasets": 25, "deliveries": 1_234, "due": 1_000, "on_time": 900, "late": 60, "missing": 40}
    more = {"missing_now": 2, "held": 12, "refused": 34}
    _print_senders([Standing(f"sender-with-a-name-{n:02}", **of_one, **more) for n in range(21)])
    lines = narrow()
    assert len([line for line in lines if line.strip()]) == 21 + 3, "a title, a header, a line, and one line a sender"
    [first] = [line.split() for line in lines if "name-00" in line]
    assert first[1:] == ["25", "1,234", "1,000", "900", "60", "40", "96.0%", "90.0%", "12", "34"]


def test_systems_and_nights_are_told(installation: Installation, tmp_path: Path) -> None:
    home = installation.home
    with Ledger(home) as ledger:
        before = ledger.pulls()
        for sender, state, code in (("a-share", "ok", None), ("b-api", "failed", "pull_deadline")):
            ledger.record_pull(Pulled(sender, "folder", state, code, 1, 2, 3, 3, AT))  # ty: ignore[invalid-argument-type]
    shown, told = run_here(home.root, "status").stdout, json.loads(run_here(home.root, "status", "--json").stdout)
    assert "本次拉取超过了规定时长" in shown
    assert "a-share (folder) 2024-05-06 08:00" in shown
    assert next(line for line in shown.splitlines() if "未连系统" in line).count("，") == len(before) - 1
    assert {one["sender"]: one["state"] for one in told["systems"]}["b-api"] == "failed"
    assert told["last_night"]["state"] == "done"
    assert {one["sender"] for one in told["reporting"]} == {"990000", "990001", "990002"}
    assert reporting.STATES == ("on_time", "late", "missing")
