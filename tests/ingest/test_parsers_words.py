"""Codes, flags, several codes in a cell, and plain words."""

import polars as pl
import pytest

from ingest.contracts import CONTRACTS
from ingest.parsers.cells import fold
from ingest.parsers.words import (
    code_column,
    codes_column,
    firm_name_column,
    flag_column,
    proper_name_column,
    text_column,
    texts_column,
)

CATEGORIES = CONTRACTS["children"].written["categories"].codes
AGENCIES = CONTRACTS["referrals"].written["agencies"].codes
YES_NO = CONTRACTS["children"].written["is_boarding"].codes
ATTENDANCE = CONTRACTS["trainings"].written["attendance"].codes
NAMED = "张三13812345678"


def one(parsed):
    return parsed.values.to_list()[0], parsed.codes.to_list()[0]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("×", "on_leave", None),
        ("√", "present", None),
        (" 到 ", "present", "spaces_removed"),
        ("present", "present", None),
        ("-", None, "stated_missing"),
        ("#REF!", None, "error_literal"),
        ("缺勤半天", None, "unknown_code"),
    ],
)
def test_code_with_the_columns_own_words(text, value, code):
    assert one(code_column(pl.Series("a", [text]), ATTENDANCE)) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("是", True, None),
        ("×", False, None),
        ("无", False, None),
        ("１", True, "full_width"),
        ("TRUE", True, None),
        ("false", False, None),
        ("-", None, "stated_missing"),
        ("也许", None, "unreadable_flag"),
    ],
)
def test_flag(text, value, code):
    assert one(flag_column(pl.Series("f", [text]), YES_NO)) == (value, code)


def test_a_cross_means_leave_in_attendance_and_no_elsewhere():
    assert one(code_column(pl.Series("a", ["×"]), ATTENDANCE))[0] == "on_leave"
    assert one(flag_column(pl.Series("a", ["×"]), YES_NO))[0] is False


@pytest.mark.parametrize("separator", ["、", "，", ",", ";", "；", "/", "+", "\n", " ", "、 "])
def test_several_codes(separator):
    parsed = codes_column(pl.Series("c", [f"孤儿{separator}重残"]), CATEGORIES)
    assert one(parsed)[0] == ["orphan", "severe_disability"]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("孤儿、孤儿", ["orphan"], None),
        ("流浪/打拐解救", ["rescued"], None),
        ("事实 无人抚养", ["unsupported"], None),
        ("孤儿、外星人", ["orphan", "other"], "unknown_category"),
        ("、", None, "unknown_code"),
        ("无", None, "stated_missing"),
    ],
)
def test_several_codes_of_one_cell(text, value, code):
    assert one(codes_column(pl.Series("c", [text]), CATEGORIES)) == (value, code)


def test_an_unknown_word_is_refused_where_there_is_no_other():
    assert one(codes_column(pl.Series("c", ["公安、气象局"]), AGENCIES)) == (None, "unknown_code")


WORDS = [
    ("西湖镇", "西湖镇", None),
    ("  西湖　镇 ", "西湖 镇", "spaces_removed"),
    ("'0012", "0012", "spaces_removed"),
    ("无", None, "stated_missing"),
    ("#N/A", None, "error_literal"),
    ("ＡＢ１", "AB1", "full_width"),
    (NAMED, "张三***", "identity_in_text"),
    ("证999001201506010120", "证***", "identity_in_text"),
    ("371102106245", "371102106245", None),
    ("13812345678", "13812345678", None),
]


@pytest.mark.parametrize("companion", ["A1", "带 空 格"])
@pytest.mark.parametrize(("text", "value", "code"), WORDS)
def test_words_are_read_alike_whatever_stands_beside_them(text, value, code, companion):
    """The short way through a plain column gives what the long way gives: a batch's make-up decides nothing."""
    parsed = text_column(pl.Series("t", [text, companion, None]))
    assert (parsed.values.to_list()[0], parsed.codes.to_list()[0]) == (value, code)
    assert parsed.values.to_list()[2] is None


@pytest.mark.parametrize(
    ("text", "folded"), [("　Ａ１\u200b ", "A1"), ("'12", "12"), ("张三", "张三"), ("\ufeffx", "x")]
)
def test_fold(text, folded):
    assert fold(text)[0] == folded


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("“卫您好”环境小组", "卫您好环境小组", None),
        ('"卫您好"环境小组', "卫您好环境小组", None),
        ("＂卫您好＂环境 小组", "卫您好环境小组", None),
        ("「卫您好」『环境』小组", "卫您好环境小组", None),
        ("《巧手》ＡＢ微家", "巧手AB微家", None),
        ("‘巧手’", "巧手", None),
        ("“”", "“”", None),
        ("张三13812345678", "张三***", "identity_in_text"),
        ("无", None, "stated_missing"),
    ],
)
def test_proper_names(text, value, code):
    assert one(proper_name_column(pl.Series("n", [text]))) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("清河某某（河北） 有限公司", "清河某某(河北)有限公司", None),
        ("清河 某某有限公司", "清河某某有限公司", None),
        ("ABC Trade 公司", "ABC Trade 公司", None),
        ("-", None, "stated_missing"),
    ],
)
def test_firm_names(text, value, code):
    assert one(firm_name_column(pl.Series("n", [text]))) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("渝北区、江北区", ["渝北区", "江北区"], None),
        ("渝北区,江北区；渝北区", ["渝北区", "江北区"], None),
        ("渝北区 江北区", ["渝北区", "江北区"], None),
        ("两江 新区", ["两江 新区"], None),
        ("DD001/DD002\nDD003", ["DD001", "DD002", "DD003"], None),
        ("渝北区、", ["渝北区"], None),
        ("、", ["、"], None),
        ("张三13812345678、李四", ["张三***", "李四"], "identity_in_text"),
        ("/", None, "stated_missing"),
    ],
)
def test_several_words(text, value, code):
    parsed = texts_column(pl.Series("n", [text, None]))
    assert parsed.values.to_list() == [value, None]
    assert parsed.codes.to_list() == [code, None]
