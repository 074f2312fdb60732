"""Nothing that an exception or dbt says about a row reaches Dagster's storage, and the storage is the operator's."""

import json
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from small_home import Ran

from ingest.home import Home
from orchestration.dbt_build import _trouble
from orchestration.definitions import quiet
from orchestration.instance import opened
from orchestration.problems import OPERATOR_LOG, guarded

NAME, NUMBER = "欧阳秋实", "999001199001011234"


def _fail() -> Iterator[dg.MaterializeResult]:
    row = f"could not read {NAME} {NUMBER}"
    try:
        raise ValueError(row)
    except ValueError as error:
        raise RuntimeError(f"while reading: {row}") from error
    yield dg.MaterializeResult()


def _run(home: Home, body: object) -> str:
    """Run one asset that fails; return everything below the Dagster home, as text and with escapes undone."""

    @dg.asset(name="failing")
    def failing(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        return next(body())

    with opened(home) as instance:
        ran = dg.Definitions(
            assets=[failing],
            loggers={"quiet": quiet},
            jobs=[dg.define_asset_job("j", config={"loggers": {"quiet": {}}})],
        )
        ended = ran.resolve_job_def("j").execute_in_process(instance=instance, raise_on_error=False)
        assert not ended.success
    return _everything(home.root)


def _everything(root: Path) -> str:
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in root.rglob("*") if path.is_file())


def _spellings(text: str) -> list[str]:
    escaped = json.dumps(text)[1:-1]
    return [text, escaped, escaped.replace("\\", "\\\\")]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("JINGUO_HOME", str(tmp_path))
    return Home(tmp_path)


def test_a_failing_step_says_no_value(home: Home) -> None:
    stored = _run(home, guarded(_fail))
    assert "RuntimeError" in stored
    for spelling in (*_spellings(NAME), NUMBER):
        assert spelling not in stored


def test_the_search_finds_it_where_nobody_guards(home: Home) -> None:
    stored = _run(home, _fail)
    assert NUMBER in stored
    assert any(spelling in stored for spelling in _spellings(NAME))


def test_dbt_is_quoted_only_where_it_speaks_of_sql(home: Home) -> None:
    said = f"Runtime Error\n  Conversion Error: Could not convert string '{NUMBER}' to INT32"
    assert _trouble(home, "model.x", said) == "Conversion Error"
    assert not (home.root / OPERATOR_LOG).exists()
    assert "no column x" in _trouble(home, "model.x", "Runtime Error\n  Binder Error: no column x")


def test_what_the_night_leaves_is_the_operators_alone(night: tuple[Home, Ran]) -> None:
    root = night[0].root
    for folder in (root / "dagster", root / "logs", root / "dbt" / "target"):
        assert folder.stat().st_mode & 0o077 == 0
    opened_wide = [path for path in (root / "dagster").rglob("*") if path.stat().st_mode & 0o077]
    assert opened_wide == []
    assert not list(root.rglob("dbt.log"))
