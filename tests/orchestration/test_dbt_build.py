"""When the dbt project is parsed: only when something in it, or the home, is not what it was."""

from pathlib import Path
from typing import Any

import pytest
from refreshing import clean_all, use_project
from small_project import small_project

from ingest.home import Home
from ingest.keys import create_keys
from orchestration import dbt_build, project
from orchestration.dbt_build import BAD, build, ensure_manifest, target
from warehouse import candidate


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

    def invoke(home: Home, words: list[str]) -> None:
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


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What dbt says of parsing, in every call from now on."""
    import dbt.cli.main

    said: list[str] = []

    class Heard(dbt.cli.main.dbtRunner):
        def __init__(self, callbacks: list[Any]) -> None:
            super().__init__(callbacks=[*callbacks, lambda event: said.append(event.info.name)])

    monkeypatch.setattr(dbt.cli.main, "dbtRunner", Heard)
    return said


def _parsed(said: list[str]) -> tuple[bool, bool]:
    """Whether dbt parsed everything, and whether there was nothing to parse."""
    return "UnableToPartialParse" in said, "PartialParsingSkipParsing" in said


def test_builds_from_nothing_parse_once(home: Home, parses: list[str], tmp_path: Path, monkeypatch: Any) -> None:
    use_project(monkeypatch, small_project(tmp_path / "project"))
    create_keys(home, demo=True)
    clean_all(home)
    ensure_manifest(home)
    link, said = target(home) / dbt_build.CANDIDATE, []
    for night, name in enumerate((link.name, link.name, "elsewhere")):
        monkeypatch.setattr(dbt_build, "CANDIDATE", name)
        parses.clear()
        built = candidate.create(home.build, f"run-{night}")
        nodes = build(home, built, lambda _: None)
        assert nodes and not [one for one in nodes if one.status in BAD]
        assert (built / "jinguo.duckdb").exists() and not link.is_symlink()
        said.append(_parsed(parses))
    # negative control: under another path dbt parses everything again
    assert said == [(False, True), (False, True), (True, False)]
