"""When the dbt project is parsed: only when something in it, or the home, is not what it was."""

from pathlib import Path

import pytest
from small_project import small_project

from ingest.home import Home
from orchestration import dbt_build, project
from orchestration.dbt_build import ensure_manifest, target


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


@pytest.fixture
def asked(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What dbt was asked for, over a project of its own; in its place an empty manifest is written."""
    small, words_asked = small_project(tmp_path / "project"), []
    monkeypatch.setattr(project, "PROJECT", small)
    monkeypatch.setattr(dbt_build, "PROJECT", small)

    def invoke(home: Home, candidate: Path, words: list[str]) -> None:
        words_asked.append(words)
        (target(home) / "manifest.json").write_text('{"nodes": {}}')

    monkeypatch.setattr(dbt_build, "_invoke", invoke)
    return words_asked


def test_an_unchanged_project_is_parsed_once(home: Home, asked: list[list[str]]) -> None:
    assert ensure_manifest(home) == ensure_manifest(home) == {"nodes": {}}
    assert asked == [["parse"]]


def test_a_changed_project_is_parsed_again(home: Home, asked: list[list[str]]) -> None:
    ensure_manifest(home)
    (project.PROJECT / "tests" / "new.sql").write_text("select 1 as a where false")
    ensure_manifest(home)
    assert asked == [["parse"], ["parse"]]
