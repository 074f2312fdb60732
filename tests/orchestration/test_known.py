"""The warehouse as known on an earlier day: what dbt is asked for, and where it lands."""

from datetime import date
from pathlib import Path

import pytest
from small_home import Ran

from ingest.home import Home
from orchestration import dbt_build, known
from orchestration.dbt_build import Node
from orchestration.problems import Problem
from warehouse.layout import DATABASES


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What dbt was asked for; in its place two files are written. That the models keep to it is tested with them."""
    variables: list[dict[str, str]] = []

    def build(home: Home, candidate: Path, on_done: object, dbt_vars: dict[str, str]) -> list[Node]:
        variables.append(dbt_vars)
        for database in DATABASES:
            (candidate / database.file).write_text("built")
        return [Node("model.jinguo.a", "success", 0, 0.1, ""), Node("test.jinguo.b", "fail", 1, 0.1, "failed")]

    monkeypatch.setattr(known, "build", build)
    return variables


def test_what_was_known_earlier_is_built_beside(
    night: tuple[Home, Ran], tmp_path: Path, asked: list[dict[str, str]]
) -> None:
    home, served = night[0], night[0].current.resolve()
    known.build_known(home, date(2024, 4, 1), tmp_path / "then", 5)
    assert asked == [{"known_on": "2024-04-01"}]
    assert [(tmp_path / "then" / one.file).read_text() for one in DATABASES] == ["built", "built"]
    assert home.current.resolve() == served
    assert not list(home.build.iterdir())


def test_a_folder_that_holds_something_is_left_alone(
    night: tuple[Home, Ran], tmp_path: Path, asked: list[dict[str, str]]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Problem, match="not empty"):
        known.build_known(night[0], date(2024, 4, 1), tmp_path, 5)
    assert asked == []


def test_where_nothing_was_cleaned_nothing_is_built(tmp_path: Path, asked: list[dict[str, str]]) -> None:
    with pytest.raises(Problem, match="nothing_known"):
        known.build_known(Home(tmp_path / "home"), date(2024, 4, 1), tmp_path / "then", 5)
    assert asked == []


def test_a_build_with_variables_leaves_the_nights_parse_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert dbt_build.target_as_known(home) != dbt_build.target(home)
