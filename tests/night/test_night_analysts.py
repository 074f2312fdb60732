"""docs/analysts.md: every query answers on the sample night, and what it answers can be true."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from night_homes import ROOT, World

TEXT = (ROOT / "docs" / "analysts.md").read_text("utf-8")
CONNECT, *_ = re.findall(r"^```sql\n(.*?)^```$", TEXT, re.M | re.S)
QUESTIONS = {
    int(number): sql for number, sql in re.findall(r"^### (\d+)\. [^\n]+\n\n```sql\n(.*?)^```$", TEXT, re.M | re.S)
}
Row = dict[str, Any]


def between_0_and_1(*names: str) -> Callable[[list[Row]], bool]:
    return lambda rows: all(0 <= row[name] <= 1 for row in rows for name in names if row[name] is not None)


def is_told(rows: list[Row]) -> bool:
    """Both denominators stand there, and the wider one gives the smaller share."""
    return all(row["of_all"] <= row["of_those_reached"] <= 1 and row["reached"] <= 1 for row in rows)


def is_honest(rows: list[Row]) -> bool:
    """A figure stands only on enough units, and some figure stands."""
    shown = [row for row in rows if row["uplift"] is not None]
    return bool(shown) and all(row["units"] >= row["matched_units"] >= 10 for row in shown)


# What must be so of the rows of each answer.
SANE: dict[int, Callable[[list[Row]], bool]] = {
    1: lambda rows: (
        sum(row["registered_children"] for row in rows if row["coverage_share"] is not None) > 1_639
        and all(row["paired_children"] + row["unpaired_children"] == row["registered_children"] for row in rows)
    ),
    2: lambda rows: len(rows) >= 4 and all(row["overdue_pairings"] <= row["active_pairings"] for row in rows),
    3: is_told,
    4: is_honest,
    5: lambda rows: 0 < len(rows) < 41 and any(row["is_functional_area"] for row in rows),
    6: lambda rows: len(rows) >= 3 and all(row["posts"] >= row["posts_without_openings"] for row in rows),
    7: lambda rows: sum(row["figures"] for row in rows) == 65 and sum(row["hold"] for row in rows) == 65,
    8: lambda rows: len(rows) >= 3 and all(row["late"] + row["missing"] <= row["periods"] for row in rows),
    9: lambda rows: any("streamer" in row["roles"] and "trained" in row["roles"] for row in rows),
    10: lambda rows: any(row["restated"] for row in rows) and all(row["restated"] <= row["statements"] for row in rows),
    11: lambda rows: len(rows) == 3 and len({row["paired_children"] for row in rows}) > 1,
    12: lambda rows: len(rows) == 5 and 21_000 <= sum(row["activity_events"] for row in rows) < 22_000,
    13: lambda rows: any(row["pace"] is not None for row in rows) and all(row["target_value"] for row in rows),
}


@pytest.fixture(scope="module")
def folder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``var/current`` leads to the sample night, as the document has it."""
    root = tmp_path_factory.mktemp("analyst")
    (root / "var").mkdir()
    (root / "var" / "current").symlink_to(world.home.current.resolve())
    return root


@pytest.fixture
def warehouse(folder: Path, monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    """The release, opened as the document says."""
    monkeypatch.chdir(folder)
    connection = duckdb.connect("var/current/jinguo.duckdb", read_only=True)
    connection.execute(CONNECT)
    return connection


def test_every_question_is_tried() -> None:
    assert QUESTIONS.keys() == SANE.keys()
    assert len(QUESTIONS) >= 10
    assert len(re.findall(r"^```sql$", TEXT, re.M)) == len(QUESTIONS) + 1


@pytest.mark.parametrize("number", SANE)
def test_the_question_is_answered(number: int, warehouse: duckdb.DuckDBPyConnection) -> None:
    with warehouse:
        result = warehouse.execute(QUESTIONS[number])
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    assert rows, "no answer"
    assert SANE[number](rows), rows
    shares = [name for name in names if name.endswith("_share") and name not in ("changed_share",)]
    assert between_0_and_1(*shares)(rows), rows


def test_negative_control_an_impossible_answer_is_seen() -> None:
    assert not is_told([{"of_all": 0.9, "of_those_reached": 0.5, "reached": 0.4}])
    assert not is_honest([{"units": 12, "matched_units": 4, "uplift": 0.1}])
    assert not between_0_and_1("met_share")([{"met_share": 1.2}])


def test_the_lines_of_python_answer(folder: Path) -> None:
    [block] = re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)
    asked = f"{block}\nassert len(answer) > 5 and all(len(row) == 2 for row in answer)\n"
    ran = subprocess.run([sys.executable, "-c", asked], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_two_readers_of_two_processes_and_neither_can_write(folder: Path) -> None:
    file = str(folder / "var" / "current" / "jinguo.duckdb")
    settings = {"access_mode": re.findall(r"access_mode=(\w+)", TEXT)[0]}
    with duckdb.connect(file, config=settings) as first:
        asked = f"""import duckdb
with duckdb.connect({file!r}, config={settings!r}) as second:
    print(second.execute("select claim_id from marts.published_claims").fetchall())"""
        ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        assert "registered-children" in ran.stdout
        assert first.execute("select count(*) from marts.published_claims").fetchone() == (65,)
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            first.execute("create table marts.mine as select 1 as a")


def test_the_marts_alone_name_nobody_and_need_no_core(folder: Path) -> None:
    with duckdb.connect(str(folder / "var" / "current" / "jinguo.duckdb"), read_only=True) as marts:
        for number, sql in QUESTIONS.items():
            if "core." not in sql:
                assert marts.execute(sql).fetchall(), number


if shutil.which("duckdb"):

    def test_the_command_line_answers(folder: Path) -> None:
        for number, sql in QUESTIONS.items():
            words = ["duckdb", "-readonly", "-csv", "var/current/jinguo.duckdb", f"{CONNECT}\n{sql}"]
            ran = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, (number, ran.stderr)
            assert len(ran.stdout.splitlines()) > 1, number
