"""The budget of one pull, and the registry of how a pull can fail."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from ingest.connectors.failures import FAILURES
from ingest.connectors.protocol import Budget, Limits, PullFailed


@given(st.lists(st.binary(max_size=50), max_size=20), st.integers(1, 100), st.integers(1, 300))
def test_bytes_come_through_unchanged_or_the_pull_ends(chunks: list[bytes], one: int, all_of_them: int) -> None:
    budget = Budget(Limits(item_bytes=one, bytes=all_of_them))
    size = sum(map(len, chunks))
    try:
        assert b"".join(budget.metered(iter(chunks))) == b"".join(chunks)
        assert size <= min(one, all_of_them)
    except PullFailed as failed:
        assert failed.code == "pull_too_large"
        assert size > min(one, all_of_them)


def test_size_in_all_counts_over_items() -> None:
    budget = Budget(Limits(item_bytes=10, bytes=15))
    assert list(budget.metered(iter([b"x" * 10]))) == [b"x" * 10]
    with pytest.raises(PullFailed, match="pull_too_large"):
        list(budget.metered(iter([b"x" * 10])))


def test_items_and_retries_run_out() -> None:
    budget = Budget(Limits(items=2, retries=1))
    budget.spend_item()
    budget.spend_item()
    with pytest.raises(PullFailed, match="pull_too_many"):
        budget.spend_item()
    budget.spend_retry()
    with pytest.raises(PullFailed, match="pull_retries"):
        budget.spend_retry()


def test_after_the_deadline_nothing_more_is_handed_on() -> None:
    budget = Budget(Limits(seconds=1e-9))
    for spend in (lambda: budget.seconds, lambda: budget.idle_seconds, lambda: list(budget.metered(iter([b"x"])))):
        with pytest.raises(PullFailed, match="pull_deadline"):
            spend()


def test_nobody_waits_longer_than_the_pull() -> None:
    assert Budget(Limits(seconds=5, idle_seconds=60)).idle_seconds <= 5
    assert Budget(Limits(seconds=60, idle_seconds=5)).idle_seconds == 5


@pytest.mark.parametrize("facts", [{"items": 0}, {"seconds": 0}, {"retries": -1}, {"bytes": 0}, {"minutes": 3}])
def test_limits_that_limit_nothing_are_refused(facts: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Limits.model_validate(facts)


def codes_in_the_code() -> set[str]:
    """Every text of the code that is handed to what becomes a failed pull."""
    found = set()
    for path in Path(ingest.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("PullFailed", "Again") and node.args:
                given = node.args[0]
                choices = (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,)
                found |= {one.value for one in choices if isinstance(one, ast.Constant)}
    return {str(code) for code in found}


def test_every_code_is_explained_in_both_tongues() -> None:
    assert codes_in_the_code() <= set(FAILURES)
    for failure in FAILURES.values():
        assert failure.zh and failure.en.isascii() and failure.advice_zh
        assert not failure.zh.isascii() and not failure.advice_zh.isascii()
