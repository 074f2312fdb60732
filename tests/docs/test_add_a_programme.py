"""docs/add-a-programme.md, done as written in a copy of the project: a row, a TOML, an export, and it is in a mart."""

import subprocess
from pathlib import Path

import conftest
import documents
import walk

TEXT = conftest.PROGRAMME
[ROW, *_] = documents.blocks(TEXT, "csv")
KEY = ROW.partition(",")[0]


def shown(text: str, heading: str) -> list[list[int]]:
    """The numbers in each line below the line that begins with ``heading``, up to an empty line."""
    lines = text.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.split()[:1] == [heading])
    rows = [walk.numbers(line) for line in lines[begin + 1 :]]
    end = next((number for number, row in enumerate(rows) if number and not row), len(rows))
    return [row for row in rows[:end] if row]


def test_the_programme_is_in_the_mart_as_shown(followed: tuple[Path, dict[str, str]]) -> None:
    told = followed[1]["reach"]
    assert shown(told, "org_name") == shown(TEXT, "org_name") == [[2024, 1, 4, 3, 1]] * 2


def test_one_woman_is_one_token_in_two_programmes(followed: tuple[Path, dict[str, str]]) -> None:
    told = followed[1]["paired"]
    assert shown(told, "trained_and_paired") == shown(TEXT, "trained_and_paired") == [[2]]


def test_neither_python_nor_sql_was_changed(followed: tuple[Path, dict[str, str]]) -> None:
    left_out = [word for name in ("__pycache__", "target", "logs") for word in ("--exclude", name)]
    differing = [
        line
        for folder in walk.PROJECT
        for line in subprocess.run(
            ["diff", "--recursive", "--brief", "--new-file", *left_out, documents.ROOT / folder, followed[0] / folder],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.splitlines()
    ]
    changed = sorted(
        Path(line.split(" and ")[1].removesuffix(" differ")).relative_to(followed[0]) for line in differing
    )
    specs = sorted((followed[0] / "ingest" / "senders" / "qingshan").iterdir())
    assert changed == sorted([conftest.PROGRAMMES, *(path.relative_to(followed[0]) for path in specs)])
    assert len(specs) == 2


def test_negative_control_the_programme_stands_in_no_line_of_the_project() -> None:
    said = subprocess.run(
        ["grep", "--recursive", "--files-with-matches", "--include=*.py", "--include=*.sql", KEY, *walk.PROJECT],
        cwd=documents.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout == ""
    assert KEY not in (documents.ROOT / conftest.PROGRAMMES).read_text("utf-8")
