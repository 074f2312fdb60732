"""Held is what the set of deliveries and decisions says: no order, no night, no repetition decides."""

import random
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_receipts import NOON, attempt, receipt

from ingest.attempts import Outcome, as_frame
from ingest.contracts import CONTRACTS
from ingest.decisions import Decision, counting
from ingest.delivery import Delivery
from ingest.holding import DECIDED, SAME_BYTES, SHRANK, judged
from ingest.scopes import scopes_of

DAY = date(2024, 3, 1)


def snapshot(content: int, records: int, day: int = 0, **facts) -> Outcome:
    said = {"dataset": "pairings", "kind": "snapshot"} | facts
    scopes = said.pop("scopes", None)
    one = receipt(content, day * 1440, **said)
    told = attempt(one, as_of_on=DAY + timedelta(days=day), records_in=records, clean_records=records, scopes=scopes)
    return Outcome(Delivery.of(one), told)


def decision(one: Outcome, verdict: str, minutes: int = 0) -> Decision:
    return Decision(
        delivery_id=one.delivery.delivery_id,
        verdict=verdict,
        because="已核对",
        decided_at=NOON + timedelta(minutes=minutes),
        decided_by="root",
    )


def states(outcomes, *decisions) -> list[tuple[str, str | None]]:
    told, _ = judged(outcomes, counting(decisions))
    return [(one.state, one.withheld_for) for one in told]


CLEAN = ("clean", None)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [(100, 70, CLEAN), (100, 69, ("held", SHRANK)), (10, 7, CLEAN), (30, 21, CLEAN), (1, 0, ("held", SHRANK)),
     (0, 0, CLEAN), (5, 500, CLEAN)],
)  # fmt: skip
def test_a_snapshot_that_keeps_less_than_seven_of_ten_is_held(before, now, expected):
    assert states([snapshot(1, before), snapshot(2, now, 1)]) == [CLEAN, expected]


def test_a_held_snapshot_is_nothing_to_compare_with_until_it_is_approved():
    first, small, same = snapshot(1, 100), snapshot(2, 50, 1), snapshot(3, 50, 2)
    assert states([first, small, same]) == [CLEAN, ("held", SHRANK), ("held", SHRANK)]
    assert states([first, small, same], decision(small, "approve")) == [CLEAN, CLEAN, CLEAN]
    refused = states([first, small, same], decision(small, "refuse"))
    assert refused == [CLEAN, ("refused", DECIDED), ("held", SHRANK)]


def test_when_the_one_before_was_the_wrong_one_refusing_it_frees_those_behind_it():
    first, doubled, right = snapshot(1, 100), snapshot(2, 200, 1), snapshot(3, 101, 2)
    assert states([first, doubled, right])[2] == ("held", SHRANK)
    assert states([first, doubled, right], decision(doubled, "refuse")) == [CLEAN, ("refused", DECIDED), CLEAN]


def test_nothing_but_a_used_snapshot_of_the_same_sender_and_dataset_is_compared_with():
    others = [
        snapshot(1, 100, sender="neighbour"),
        snapshot(2, 100, dataset="children"),
        snapshot(3, 100, kind="correction"),
        Outcome(snapshot(4, 0).delivery, attempt(receipt(4), state="refused", reason_code="empty_file")),
        Outcome(Delivery.of(receipt(5, reason_code="bundle_unsafe")), None),
    ]
    assert states([*others, snapshot(9, 1, 1)])[-1] == CLEAN


def test_increments_corrections_and_withdrawals_may_be_as_short_as_they_like():
    for kind in ("increment", "correction", "withdrawal"):
        assert states([snapshot(1, 100, kind=kind), snapshot(2, 0, 1, kind=kind)]) == [CLEAN, CLEAN]


def test_a_snapshot_is_compared_within_its_scope():
    spring = snapshot(1, 90, dataset="trainings", scopes='{"a": 60, "b": 30}')
    autumn = snapshot(2, 10, 1, dataset="trainings", scopes='{"c": 10}')
    short = snapshot(3, 55, 2, dataset="trainings", scopes='{"a": 55, "b": 20}')
    nothing = snapshot(4, 0, 3, dataset="trainings")
    told, holds = judged([spring, autumn, short, nothing])
    assert [one.state for one in told] == ["clean", "clean", "held", "clean"]
    assert [(one.before, one.now, one.other_id) for one in holds] == [(30, 20, spring.delivery.delivery_id)]


def test_the_bytes_of_another_sender_are_held_where_they_came_later():
    mine = snapshot(1, 5, 1)
    theirs = snapshot(1, 5, 2, sender="neighbour")
    assert states([theirs, mine]) == [("held", SAME_BYTES), CLEAN]
    assert states([theirs, mine], decision(theirs, "approve")) == [CLEAN, CLEAN]
    assert states([theirs, mine], decision(mine, "refuse")) == [CLEAN, ("refused", DECIDED)]
    at_once = snapshot(1, 5, 1, sender="neighbour")
    assert states([at_once, mine]) == [("held", SAME_BYTES), CLEAN], "of two at once the sender's name decides"


def test_a_form_without_a_record_is_everybodys_and_ones_own_bytes_are_ones_own():
    assert states([snapshot(1, 0), snapshot(1, 0, 1, sender="neighbour")]) == [CLEAN, CLEAN]
    assert states([snapshot(1, 5), snapshot(1, 5, 1, dataset="children")]) == [CLEAN, CLEAN]


@pytest.mark.parametrize("dice", [random.Random(3), random.Random(4)])
def test_of_several_decisions_the_newest_counts_in_whatever_order_they_are_read(dice):
    first, small = snapshot(1, 100), snapshot(2, 5, 1)
    made = [decision(small, "approve", 1), decision(small, "refuse", 3), decision(small, "approve", 2)]
    dice.shuffle(made)
    assert states([first, small], *made)[1] == ("refused", DECIDED)
    assert states([first, small], *made, decision(small, "approve", 9))[1] == CLEAN


def test_of_what_is_not_used_nothing_counts_as_used():
    first, small = snapshot(1, 100), snapshot(2, 5, 1)
    frame = as_frame(judged([first, small])[0])
    (row,) = frame.filter(pl.col("state") == "held").to_dicts()
    assert (row["records_in"], row["clean_records"], row["rejected_records"]) == (5, 0, 5)
    assert (row["reason_code"], row["proves_absence"], row["batch_id"]) == (SHRANK, False, "b" * 16)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 4), st.sampled_from(["a", "b"])), max_size=9
    ),
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["approve", "refuse"]), st.integers(0, 3)), max_size=4),
    st.randoms(use_true_random=False),
)
def test_any_order_and_any_repetition_hold_the_same(said, verdicts, dice):
    by_id = {}
    for content, records, day, sender in said:
        one = snapshot(content, records, day, sender=sender)
        by_id.setdefault(one.delivery.delivery_id, one)
    every = list(by_id.values())
    made = [decision(every[at], verdict, minute) for at, verdict, minute in verdicts if at < len(every)]
    expected, holds = judged(every, counting(made))
    shuffled, again = dice.sample(every, len(every)), dice.sample(made, len(made))
    told, same = judged(shuffled, counting(again + made[:1]))
    assert as_frame(told).equals(as_frame(expected))
    assert same == holds


def test_scopes_are_counted_and_their_names_do_not_show():
    clean = pl.DataFrame({"delivery_id": ["d", "d", "e"], "class_id": ["王小二班", "王小二班", "B"]})
    found = scopes_of(CONTRACTS["trainings"], clean)
    assert sorted(found) == ["d", "e"]
    assert found["d"].endswith(": 2}") and "王" not in found["d"]
    assert scopes_of(CONTRACTS["pairings"], clean) == {}
