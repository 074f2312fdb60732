"""Marks: done, not done, exempt, not yet known, or the day itself; and never a mark that nobody wrote."""

from datetime import date

import polars as pl
import pytest

from ingest.contracts import CONTRACTS
from ingest.parsers.marks import mark_column

WORDS = CONTRACTS["care_items"].written["item_status"].codes
MAY = date(2023, 5, 1)


def read(*cells, kinds=None, year=2023, words=WORDS):
    years = pl.Series([year] * len(cells), dtype=pl.Int32)
    raw = pl.Series("m", cells, dtype=pl.String)
    parsed = mark_column(raw, kinds and pl.Series(kinds), years, words, dated="done", order="ymd")
    fields = (parsed.values.struct.field(name).to_list() for name in ("code", "day"))
    return list(zip(*fields, parsed.codes.to_list(), strict=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("√", ("done", None, None)),
        (" ✔ ", ("done", None, None)),
        ("☑", ("done", None, None)),
        ("已完成", ("done", None, None)),
        ("×", ("not_done", None, None)),
        ("✗", ("not_done", None, None)),
        ("x", ("not_done", None, None)),
        ("×不在本地", ("exempt", None, None)),
        ("×（不在本地）", ("exempt", None, None)),
        ("×(不需要)", ("exempt", None, None)),
        ("X 不需要", ("exempt", None, None)),
        ("不在本地", ("exempt", None, None)),
        ("×生病", ("not_done", None, "mark_reason_unlisted")),
        ("2023-05-01", ("done", MAY, None)),
        ("2023年5月1日", ("done", MAY, None)),
        ("5月1日", ("done", MAY, "year_completed")),
        ("√ 5月1日", ("done", MAY, "year_completed")),
        ("√（2023.5.1）", ("done", MAY, None)),
        ("2023年5月", ("done", MAY, "month_only")),
        ("", (None, None, "stated_missing")),
        ("-", (None, None, "stated_missing")),
        ("2023-13-01", (None, None, "unreadable_mark")),
        ("也许", (None, None, "unreadable_mark")),
        ("√两次", (None, None, "unreadable_mark")),
        ("√×", (None, None, "unreadable_mark")),
    ],
)
def test_marks(text, found):
    assert read(text) == [found]


def test_an_empty_cell_says_nothing():
    assert read(None, "√", None) == [(None, None, None), ("done", None, None), (None, None, None)]


def test_a_number_that_may_be_two_months_is_ambiguous_and_text_is_not():
    assert read("2023.1", kinds=["n"]) == [(None, None, "ambiguous_day")]
    assert read("2023.1", kinds=["t"]) == [("done", date(2023, 1, 1), "month_only")]


def test_a_day_without_its_year_is_not_guessed():
    assert read("5月1日", year=None) == [(None, None, "ambiguous_day")]


def test_a_senders_own_word():
    assert read("到", words=WORDS | {"done": (*WORDS["done"], "到")}) == [("done", None, None)]
    assert read("到") == [(None, None, "unreadable_mark")]
