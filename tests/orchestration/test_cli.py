"""The command as people use it: exit codes, JSON, and never a traceback."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from small_home import Ran, run, run_cli, run_here

from ingest.home import Home
from ingest.keys import create_keys
from warehouse import releases

Cli = Callable[..., Ran]


def test_a_night_with_a_refused_file_ends_with_3(night: tuple[Home, Ran]) -> None:
    _, ran = night
    assert ran.returncode == 3, ran.stderr[-2000:]
    assert "broken.xlsx" in ran.stdout
    assert "✓" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


def test_status_is_json_for_scripts_and_names_no_file(cli: Cli) -> None:
    ran = cli("status", "--json")
    told = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert told["release"]["rows"] > 0
    assert told["last_night"]["state"] in ("done", "nothing_new")
    assert [one["reason_code"] for one in told["refused"]] != []
    assert "broken" not in ran.stdout


def test_status_tells_the_county_what_to_do(cli: Cli) -> None:
    shown = cli("status").stdout
    assert "请" in shown
    assert "broken.xlsx" in shown
    assert "DEMO" in shown


def test_of_two_nights_at_once_one_waits_and_finds_nothing_new(nights: tuple[Home, list[Ran]]) -> None:
    home, (idle, busy) = nights
    assert (idle.returncode, busy.returncode) == (0, 3), idle.stderr[-2000:] + busy.stderr[-2000:]
    assert "Nothing new" in idle.stdout
    assert len(releases.list_releases(home.releases, home.current)) == 1


def test_sql_answers_and_refuses(cli: Cli) -> None:
    ran = cli("sql", "--json", "select count(*) as n from core.dim_children")
    assert (ran.returncode, json.loads(ran.stdout)[0]["n"] > 0) == (0, True)
    assert cli("sql", "drop table core.dim_children").returncode == 2
    assert cli("sql", "select * from read_text('/etc/passwd')").returncode in (1, 2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nonsense",), 2),
        (("trace", "pairings", "nobody", "nothing.xlsx", "1"), 2),
        (("trace", "no_such_ledger", "a", "b", "1"), 2),
        (("release", "rollback", "no-such-release"), 1),
        (("release", "show", "../keys"), 2),
        (("sql", "select * from read_text('pyproject.toml')"), 2),
        (("nightly", "--known-on", "2024-04-01"), 2),
        (("sql", "select"), 2),
    ],
)
def test_garbage_is_answered_with_what_to_do(cli: Cli, words: tuple[str, ...], code: int) -> None:
    ran = cli(*words)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stderr.strip()


def test_explain_survives_any_bytes(cli: Cli, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.xlsx"
    garbage.write_bytes(bytes(range(256)) * 40)
    ran = cli("explain", str(garbage))
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr


def test_without_keys_nothing_starts(tmp_path: Path) -> None:
    ran = run_here(tmp_path / "empty", "nightly")
    assert ran.returncode == 1
    assert "openssl rand" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_night_that_may_not_wait_says_so(night: tuple[Home, Ran]) -> None:
    from orchestration.lock import night_lock

    with night_lock(night[0]):
        ran = run_cli(night[0].root, "nightly", "--wait", "0")
    assert ran.returncode == 1
    assert "night_busy" in ran.stderr


def test_what_needs_no_night_does_not_import_dagster(night: tuple[Home, Ran]) -> None:
    words = [
        ["status"],
        ["sql", "select 1"],
        ["release", "list"],
        ["audit"],
        ["trace", "pairings", "nobody", "nothing.xlsx", "1"],
        ["explain", "pyproject.toml"],
    ]
    ran = run(night[0].root, "-c", _IMPORTS.format(words=words))
    assert [line for line in ran.stdout.splitlines() if line.startswith("heavy")] == ["heavy: []", "heavy: ['dagster']"]


# All commands in one process, then, as the control, what a night imports.
_IMPORTS = """
import sys
from orchestration.cli import main

def heavy():
    print()
    print("heavy:", [name for name in ("dagster", "dbt") if name in sys.modules])

for words in {words!r}:
    sys.argv = ["jinguo", *words]
    try:
        main()
    except SystemExit:
        pass
heavy()
import orchestration.definitions
heavy()
"""


def test_a_wide_result_is_shown_as_records(cli: Cli) -> None:
    wide = cli("sql", "select *, 12.5 as half, 2023 as year_of from marts.pairing_coverage order by all limit 2").stdout
    lines = wide.splitlines()
    assert sum(line.startswith("— ") for line in lines) == 2
    ends = {len(line) for line in lines if line.split()[:1] in (["half"], ["year_of"], ["registered_children"])}
    assert len(ends) == 1, "numbers end in one place"
    assert [line.split() for line in lines if line.startswith("year_of")] == [["year_of", "2023"]] * 2
    assert not any("2,023" in line for line in lines)


def test_a_narrow_result_is_a_table(cli: Cli) -> None:
    narrow = cli("sql", "select sender, dataset from core.fct_deliveries order by all limit 2").stdout
    assert "— 1" not in narrow
    assert narrow.splitlines()[1].split() == ["sender", "dataset"]


def test_a_killed_night_is_not_running(night: tuple[Home, Ran], tmp_path: Path) -> None:
    from orchestration import last_night
    from orchestration.lock import night_lock

    home = Home(tmp_path)
    home.prepare()
    last_night.write(home, "running", at="2024-05-06T17:30:00+00:00")
    assert last_night.ended(home)["state"] == "killed"
    with night_lock(home):
        assert last_night.ended(home)["state"] == "running"
    last_night.write(home, "done")
    assert last_night.ended(home)["state"] == "done"


def test_the_lines_that_sample_prints_work(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    ran = run_here(home, "sample", "--out", str(out), "--senders", "1", "--months", "1")
    keys, copy, nightly = [line.strip() for line in ran.stdout.splitlines()[-3:]]
    assert nightly.endswith("jinguo nightly")
    for line in (keys, copy):
        done = subprocess.run(["sh", "-ec", line], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    landed = run_here(home, "land")
    assert landed.returncode == 0, landed.stderr
    told = [path.relative_to(home / "inbox").as_posix() for path in (home / "inbox").rglob("*") if path.is_file()]
    assert told
    assert not [name for name in told if name.count("/") < 2], "what lies beside the folders is nobody's delivery"
    again = run_here(home, "sample", "--out", str(tmp_path / "more"), "--senders", "1", "--months", "1")
    assert "openssl" not in again.stdout, "there are keys now"


def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    create_keys(home, demo=True)
    home.keys.chmod(0o755)
    ran = run_here(home.root, "land")
    assert ran.returncode == 1
    assert "chmod 700" in ran.stderr
    home.keys.chmod(0o700)
    assert run_here(home.root, "land").returncode == 0
