"""Identity numbers, numbers, names and phones. Every identity here is invented: area 999001 does not exist."""

import polars as pl
import pytest

from ingest.parsers.identities import (
    check_character,
    id_column,
    name_column,
    number_column,
    numbers_column,
    phone_column,
    read_id_no,
    read_phone,
)

WHOLE = "99900120150601012" + check_character("99900120150601012")
WITH_X = next(
    first + "X" for n in range(1000) if check_character(first := f"99900120150601{n:03}") == "X"
)  # fmt: skip
OLD = "999001590101012"
UPGRADED = "99900119590101012" + check_character("99900119590101012")


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        (WHOLE, WHOLE, None),
        (WITH_X.lower(), WITH_X, None),
        (f"'{WHOLE}", WHOLE, "spaces_removed"),
        (f"{WHOLE[:6]} {WHOLE[6:14]} {WHOLE[14:]}", WHOLE, "spaces_removed"),
        (WHOLE.translate({48 + n: 0xFF10 + n for n in range(10)}), WHOLE, "full_width"),
        (WHOLE[:4] + "*" * 10 + WHOLE[-4:], None, "id_masked"),
        (WHOLE[:4] + "×" * 10 + WHOLE[-4:], None, "id_masked"),
        (WHOLE[:4] + "x" * 10 + WHOLE[-4:], None, "id_masked"),
        ("未办理", None, "id_absent"),
        ("无户口", None, "id_absent"),
        ("无", None, "stated_missing"),
        ("#N/A", None, "error_literal"),
        (WHOLE[:17] + str((int(WHOLE[17]) + 1) % 10 if WHOLE[17] != "X" else 0), None, "id_check_digit"),
        (WHOLE[:-1], None, "id_malformed"),
        ("999001" + "20151301" + "0127", None, "id_malformed"),
        ("999001" + "00150601" + "0127", None, "id_malformed"),
    ],
)
def test_identity_number(text, value, code):
    assert read_id_no(text, of_child=False) == (value, code)


def test_fifteen_digits_are_an_adults():
    assert read_id_no(OLD, of_child=False) == (UPGRADED, "id_upgraded")
    assert read_id_no(OLD, of_child=True) == (None, "id_too_old")


def test_a_numeric_cell_is_never_trusted_even_where_its_check_digit_is_right():
    parsed = id_column(pl.Series("id", [WHOLE, WHOLE, None]), pl.Series(["n", "t", None]), of_child=False)
    assert parsed.values.to_list() == [None, WHOLE, None]
    assert parsed.codes.to_list() == ["id_typed_as_number", None, None]


@pytest.mark.parametrize("companion", ["A-1", "a 1"])
def test_a_word_for_nothing_is_nobodys_number(companion):
    """Whichever way the column goes: else everybody without a number would be one person."""
    parsed = number_column(pl.Series("n", ["NA", companion]), None)
    assert parsed.values.to_list()[0] is None
    assert parsed.codes.to_list()[0] == "stated_missing"


def test_numbers_are_folded_and_numeric_cells_refused():
    parsed = number_column(pl.Series("n", ["kj 01", "KJ01", "7"]), pl.Series(["t", "t", "n"]))
    assert parsed.values.to_list() == ["KJ01", "KJ01", None]
    assert parsed.codes.to_list() == [None, None, "id_typed_as_number"]


def test_several_numbers_in_a_cell():
    raw = pl.Series("ns", ["A1;A2", "A1、a2，A3", "#N/A", "无", "；", None])
    parsed = numbers_column(raw, None)
    assert parsed.values.to_list() == [["A1", "A2"], ["A1", "A2", "A3"], None, None, None, None]
    assert parsed.codes.to_list() == [
        None,
        "full_width",
        "error_literal",
        "stated_missing",
        "person_unidentified",
        None,
    ]


def test_several_numbers_in_a_numeric_cell_are_refused():
    assert numbers_column(pl.Series("ns", ["12"]), pl.Series(["n"])).codes.to_list() == ["id_typed_as_number"]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("张　三", "张三", "spaces_removed"),
        ("李 洪", "李洪", "spaces_removed"),
        ("张三（小名）", "张三", None),
        ("（张三）", "张三", None),
        ("()", None, "person_unidentified"),
        ("张三、李四", None, "two_names"),
        ("张三 李四", None, "two_names"),
        ("王小明　李芳 赵小红", None, "two_names"),
        ("张三 李", "张三李", "spaces_removed"),
        ("欧阳 娜娜", "欧阳娜娜", "spaces_removed"),
        ("欧阳娜 李芳", None, "two_names"),
        ("不详", None, "stated_missing"),
        ("王\ue123", "王\ue123", "rare_character"),
        ("John Smith", "John Smith", None),
    ],
)
def test_name(text, value, code):
    parsed = name_column(pl.Series("name", [text]))
    assert parsed.values.to_list() == [value]
    if code != "spaces_removed":
        assert parsed.codes.to_list() in ([code], ["full_width"])
    else:
        assert parsed.codes.to_list() in (["spaces_removed"], ["full_width"])


@pytest.mark.parametrize("dot", "·•.．‧・∙")
def test_every_middle_dot_is_one(dot):
    assert name_column(pl.Series("name", [f"阿依古丽{dot}买买提"])).values.to_list() == ["阿依古丽·买买提"]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("13800001234", "13800001234", None),
        ("138 0000 1234", "13800001234", None),
        ("+8613800001234", "13800001234", None),
        ("+86-138-0000-1234", "13800001234", None),
        ("8613800001234", "13800001234", None),
        ("0633-8781234", "06338781234", None),
        ("13800001234/13900001234", "13800001234", None),
        ("1380000123", "1380000123", "phone_malformed"),
        ("138****1234", None, "phone_malformed"),
        ("打不通", None, "phone_malformed"),
    ],
)
def test_phone(text, value, code):
    assert read_phone(text) == (value, code)


def test_phone_column():
    assert phone_column(pl.Series("p", ["１３８00001234", "-", None])).values.to_list() == ["13800001234", None, None]
