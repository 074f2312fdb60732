"""``jinguo held``, ``approve``, ``refuse``: who waits, and that no word of a person's reason is said anywhere else."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_home import run_here

from ingest.arrivals import land_inbox
from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.ledger import Ledger
from ingest.night import clean_pending
from orchestration.deliveries import refusals, tallied

HEADER = "儿童姓名,儿童编号,阳光妈妈姓名,联系电话,结对时间\n"
REASON = "张三来电说明确实减少"


def register(rows: int, person: str = "李四") -> str:
    lines = (f"孩子{nth},KJ-{nth:04},{person},13800001234,2024-04-01\n" for nth in range(rows))
    return HEADER + "".join(lines)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A register that shrank on its second day, and one that another county had sent before."""
    home = Home(tmp_path / "home")
    home.prepare()
    create_keys(home, demo=True)
    sent = [("a", "1.csv", register(10), 1), ("a", "2.csv", register(3), 2), ("b", "3.csv", register(10), 3)]
    for sender, name, text, day in sent:
        path = home.inbox / sender / "pairings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        os.utime(path, (1_700_000_000, 1_700_000_000))
        land_inbox(home, Keyring.open(home), now=datetime(2024, 5, day, tzinfo=UTC))
    clean_pending(home, Keyring.open(home))
    return home


def states(home: Home) -> dict[str, str]:
    with Ledger(home) as ledger:
        return dict(ledger.current().select("delivery_id", "state").rows())


def waiting(home: Home) -> dict[str, dict]:
    return {one["reason_code"]: one for one in json.loads(run_here(home.root, "held", "--json").stdout)}


def test_both_kinds_are_shown_with_what_to_do(home: Home) -> None:
    found = waiting(home)
    assert {code: one["records"] for code, one in found.items()} == {
        "snapshot_shrank": "10 → 3", "bytes_of_another_sender": "10 → 10",
    }  # fmt: skip
    shown = run_here(home.root, "held").stdout
    assert "jinguo approve" in shown and "请核对" in shown
    assert all(one["delivery"] in shown for one in found.values())


def test_an_approval_and_a_refusal_take_effect_and_are_told_only_where_asked_for(home: Home) -> None:
    found = waiting(home)
    shrank, same = found["snapshot_shrank"]["delivery"], found["bytes_of_another_sender"]["delivery"]
    approved = run_here(home.root, "approve", shrank, "--because", REASON)
    refused = run_here(home.root, "refuse", same, "--because", REASON)
    assert (approved.returncode, refused.returncode) == (0, 0), approved.stderr + refused.stderr
    assert "jinguo nightly" in approved.stdout
    assert (states(home)[shrank], states(home)[same]) == ("clean", "refused")
    assert run_here(home.root, "held").stdout.startswith("没有待核的报送")
    elsewhere = [run_here(home.root, *words).stdout for words in (["status"], ["held", "--json"], ["status", "--json"])]
    elsewhere.append(run_here(home.root, "held", "--decided", "--json").stdout)
    assert not any("张三" in said for said in (approved.stdout, refused.stdout, *elsewhere))
    assert run_here(home.root, "held", "--decided").stdout.count(REASON) == 2
    run_here(home.root, "approve", same, "--because", "核对无误")
    assert states(home)[same] == "clean", "a later decision counts instead"


def test_of_two_equal_files_the_earlier_one_can_be_refused_but_not_approved(home: Home) -> None:
    same = waiting(home)["bytes_of_another_sender"]
    earlier = same["against"].split()[1]
    assert run_here(home.root, "approve", earlier, "--because", "x").returncode == 2
    assert run_here(home.root, "refuse", earlier, "--because", "放错了文件夹").returncode == 0
    assert (states(home)[earlier], states(home)[same["delivery"]]) == ("refused", "clean")


@pytest.mark.parametrize("words", [("approve", "a" * 16, "--because", "x"), ("refuse", "张三.xlsx", "--because", "x")])
def test_what_is_not_held_cannot_be_decided(home: Home, words: tuple[str, ...]) -> None:
    ran = run_here(home.root, *words)
    assert ran.returncode == 2
    assert "not_held" in ran.stderr
    assert not list(home.decisions.rglob("*.json"))


def test_without_a_reason_nothing_is_decided(home: Home) -> None:
    delivery = waiting(home)["snapshot_shrank"]["delivery"]
    for because in ([], ["--because", "  "]):
        ran = run_here(home.root, "approve", delivery, *because)
        assert (ran.returncode, "理由" in ran.stderr) == (2, True)
    assert not list(home.decisions.rglob("*.json"))


def test_in_an_empty_home_nothing_waits(tmp_path: Path) -> None:
    for words in (["held"], ["held", "--decided"]):
        assert run_here(tmp_path / "none", *words).returncode == 0


def test_a_held_delivery_counts_as_not_used_and_is_listed_as_such(home: Home) -> None:
    with Ledger(home) as ledger:
        current = ledger.current()
    tally = tallied(current)
    assert tally.select("sender", "deliveries", "clean_records", "refused").rows() == [("a", 2, 10, 1), ("b", 1, 0, 1)]
    listed = refusals(current)
    assert [(one.sender, one.state) for one in listed] == [("b", "held"), ("a", "held")]
    assert all(one.reason and one.advice for one in listed)
