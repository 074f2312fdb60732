"""Unified codes: the standard's own example, every single mistake in one of them, and who must not stay in clear."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.firms import ALPHABET, check_character, is_sole_trader, may_be_a_person, read_uscc, uscc_column

# GB 32100-2015, annex A
STANDARD = "91350100M000100Y43"
CODES = st.tuples(
    st.sampled_from(["91", "92", "93", "51", "11"]),
    st.integers(110000, 659999).map(str),
    st.text(alphabet=ALPHABET, min_size=9, max_size=9),
).map("".join)


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        (STANDARD, STANDARD, None),
        (STANDARD.lower(), STANDARD, None),
        ("９１３５０１００Ｍ０００１００Ｙ４３", STANDARD, "full_width"),
        (" 91350100 M000100Y43 ", STANDARD, "spaces_removed"),
        ("91350100-M000100Y4-3", STANDARD, None),
        ("91350100M000100Y44", None, "uscc_malformed"),
        ("91350100M000100Y4", None, "uscc_malformed"),
        ("9135O100M000100Y43", None, "uscc_malformed"),
        ("I1350100M000100Y43", None, "uscc_malformed"),
        ("130534000000001", "130534000000001", "uscc_old"),
        ("13053400000000", None, "uscc_malformed"),
        ("某某有限公司", None, "uscc_malformed"),
        ("无", None, "stated_missing"),
        ("#N/A", None, "error_literal"),
    ],
)
def test_codes(text, code, reason):
    parsed = uscc_column(pl.Series("c", [text, None]), None)
    assert (parsed.values.to_list(), parsed.codes.to_list()) == ([code, None], [reason, None])


def test_a_numeric_cell_is_refused_whatever_it_shows():
    parsed = uscc_column(pl.Series("c", ["130534000000001", STANDARD]), pl.Series(["n", "t"]))
    assert parsed.codes.to_list() == ["id_typed_as_number", None]
    assert parsed.values.to_list() == [None, STANDARD]


@given(CODES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_detected(first17, at, wrong):
    code = first17 + check_character(first17)
    assert read_uscc(code) == (code, None)
    if code[at] != wrong:
        assert read_uscc(code[:at] + wrong + code[at + 1 :]) == (None, "uscc_malformed")


@given(CODES, st.integers(0, 16))
def test_every_swap_of_neighbours_is_detected(first17, at):
    code = first17 + check_character(first17)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or read_uscc(swapped) == (None, "uscc_malformed")


@pytest.mark.parametrize(
    ("code", "is_sole", "is_person"),
    [
        (STANDARD, False, False),
        ("92130534MA07ABCD12", True, True),
        ("130534600000001", True, True),
        ("130534000000001", False, False),
        ("130534750612001", True, True),
        ("371102120612001", False, True),
        (None, None, None),
    ],
    ids=["firm", "sole trader", "old sole trader", "old firm", "old sole trader, or a person", "or a person", "none"],
)
def test_whose_code_must_not_stay_in_clear(code, is_sole, is_person):
    """An old number that reads as an identity number from before 1999 may be one: it does not leave landing."""
    frame = pl.DataFrame({"c": pl.Series([code], dtype=pl.String)})
    assert frame.select(is_sole_trader(pl.col("c")), may_be_a_person(pl.col("c")).alias("p")).row(0) == (
        is_sole,
        is_person,
    )
