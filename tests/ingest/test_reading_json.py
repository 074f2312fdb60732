"""Pages of an API: every record is a row in its own digits, the framer agrees, and a bad page is refused by itself."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading import WorkbookReader, read
from ingest.reading import files as reading_files
from ingest.reading.grid import Grid, Reading
from ingest.reasons import REASONS, Refused

TEXT = st.text(alphabet='甲𠮷é "\\[]{},:/、\n\t\x01a1', max_size=8)
NUMBER = st.one_of(st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False))
SCALAR = st.one_of(st.none(), st.booleans(), NUMBER, TEXT)
KEY = st.text(alphabet='甲"\\[{}]: ab', min_size=1, max_size=4)
MEMBER = st.one_of(SCALAR, st.lists(SCALAR, max_size=3), st.dictionaries(KEY, SCALAR, max_size=2))
RECORDS = st.lists(st.dictionaries(KEY, MEMBER, max_size=4), max_size=5)
ANYTHING = st.recursive(
    SCALAR, lambda one: st.one_of(st.lists(one, max_size=3), st.dictionaries(TEXT, one, max_size=3)), max_leaves=12
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"])


def opened(data: bytes | str) -> Reading:
    return read(data.encode() if isinstance(data, str) else data, "", WorkbookReader())


def code(data: bytes | str) -> str:
    with pytest.raises(Refused) as refused:
        opened(data)
    assert REASONS[refused.value.code].whole_file
    return refused.value.code


def said(value: Any) -> str | None:
    if isinstance(value, list):
        return "、".join(said(one) or "" for one in value if one is not None) or None
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else json.dumps(value)


def flat(record: dict[str, Any]) -> dict[str, str | None]:
    cells = {}
    for key, value in record.items():
        if isinstance(value, dict):
            cells |= {f"{key}/{inner}": said(one) for inner, one in value.items()}
        else:
            cells[key] = said(value)
    return cells


def rows(grid: Grid) -> list[dict[str, str | None]]:
    keys, *values = [row[1:] for row in grid.frame.rows()]
    return [dict(zip(keys, row, strict=True)) for row in values]


@settings(max_examples=150, deadline=None)
@given(RECORDS, ENCODINGS, st.sampled_from([None, 2]), st.booleans(), SCALAR)
def test_every_record_is_a_row_in_its_own_words(records, encoding, indent, is_bare, beside) -> None:
    """Whatever stands in the strings, in whatever encoding: the same records, and the framer counts them too."""
    page = records if is_bare else {"code": 0, "msg": "[{", "data": {"x": beside, "list": records, "deep": {"l": [{}]}}}
    if not is_bare and not records:
        del page["data"]["deep"]
    data = json.dumps(page, ensure_ascii=False, indent=indent).encode(encoding)
    reading = opened(data)
    (grid,) = reading.grids
    assert reading.file_kind == "json"
    assert reading.framed == {0: len(records) + 1}
    assert grid.frame["row_no"].to_list() == list(range(len(records) + 1))
    for found, record in zip(rows(grid), records, strict=True):
        # 1e+16 is the one spelling that is not kept: its power is written out
        expected = {key: text for key, text in flat(record).items() if text is not None and "e" not in text}
        assert expected.items() <= found.items()
        assert {key for key, text in found.items() if text is not None} == {
            key for key, text in flat(record).items() if text is not None
        }


@settings(max_examples=200, deadline=None)
@given(ANYTHING, st.integers(0, 60), st.integers(0, 3), st.sampled_from(["", "[", "}", '"', "\\", ",{", "é", "0"]))
def test_whatever_comes_is_read_whole_or_refused(document, at, gone, put) -> None:
    """Any document, broken anywhere: refused with a reason, or read with the framer's consent; nothing else."""
    text = json.dumps({"d": document}, ensure_ascii=False)
    for data in (text, text[:at] + put + text[at + gone :]):
        try:
            reading = opened(data)
        except Refused as refused:
            assert refused.code != "balance_broken"
            assert not any(piece in str(refused) for piece in ("甲", "é", "𠮷"))
        else:
            assert sum(reading.framed.values()) == sum(grid.frame.height for grid in reading.grids)


@pytest.mark.parametrize(
    ("page", "is_part", "has_unread"),
    [
        ('{"data":{"total":2,"list":[{"a":1},{"a":2}]}}', False, False),
        ('{"data":{"total":"2","pages":"1","list":[{"a":1},{"a":2}]}}', False, False),
        ('{"data":{"total":2.0,"pages":1,"list":[{"a":1},{"a":2}]}}', False, False),
        ('{"data":{"total":5,"pages":3,"list":[{"a":1},{"a":2}]}}', True, False),
        ('{"data":{"total":5,"page":3,"list":[]}}', True, False),
        ('{"data":{"next":"c2","list":[{"a":1}]}}', True, False),
        ('{"data":{"hasMore":true,"list":[{"a":1}]}}', True, False),
        ('{"data":{"next":null,"has_more":false,"list":[{"a":1}]}}', False, False),
        ('{"list":[{"a":1}],"more":{"list":[{"a":2}]}}', False, True),
        ('[{"a":1}]', False, False),
    ],
)
def test_a_page_says_whether_it_is_all_there_is(page, is_part, has_unread) -> None:
    (grid,) = opened(page).grids
    assert (grid.is_part, grid.has_unread) == (is_part, has_unread)


@pytest.mark.parametrize("page", ['{"success":false,"list":[]}', '{"code":"0","success":"false","list":[{"a":1}]}'])
def test_what_says_that_it_failed_is_refused(page) -> None:
    assert code(page) == "api_error"


def test_digits_stay_as_they_were_written() -> None:
    numbers = '[{"a":12345678901234567890,"b":1.10,"c":"007","d":true,"e":1.25E7,"f":1e999999,"g":-0}]'
    (grid,) = opened(numbers).grids
    said = {"a": "12345678901234567890", "b": "1.10", "c": "007", "d": "true", "e": "12500000", "f": "1e999999"}
    assert rows(grid) == [said | {"g": "-0"}]
    assert grid.kinds is not None
    assert grid.kinds.row(1)[1:] == ("n", "n", "t", "b", "n", "n", "n")


MALFORMED = {
    "a key twice": '{"list":[{"a":1,"a":2}]}',
    "a list twice": '{"list":[{"a":1}],"list":[]}',
    "not a number": '{"list":[{"a":NaN}]}',
    "infinity": '{"list":[{"a":-Infinity}]}',
    "something behind": '{"list":[{"a":1}]} x',
    "two documents": '{"list":[{"a":1}]}\n{"list":[{"a":2}]}',
    "cut": '{"list":[{"a":1},{"a"',
    "a comma too many": '{"list":[{"a":1},]}',
    "single quotes": "{'list':[]}",
    "many lists": "[" * 200_000 + "{",
    "many objects": '{"a":' * 200_000,
    "deep in a record": '[{"a":' + '{"a":' * 40 + "1" + "}" * 40 + "}]",
    "objects within a record": '[{"a":[{"b":1}]}]',
    "lists within a record": '[{"a":[[1]]}]',
    "two lists of records": '{"a":[{"x":1}],"b":[{"x":1}]}',
    "a list of lists": '{"a":[[{"x":1}]]}',
    "records and others": '[{"a":1},2]',
    "no list": '{"code":0,"data":{"id":1}}',
    "no list but null": '{"code":0,"data":null}',
    "half a pair": r'[{"a":"\ud83d"}]',
    "half a pair as key": r'[{"\ud83d":1}]',
    "NUL": r'[{"a":"\u0000"}]',
    "lost characters": r'[{"a":"\ufffd"}]',
    "two paths in one": '[{"a/b":1,"a":{"b":2}}]',
    "an empty key": '[{"":1}]',
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_page_is_refused(name) -> None:
    assert code(MALFORMED[name]) == "json_malformed"


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        ({"code": 401, "msg": "token"}, "api_error"),
        ({"code": "500", "data": {"list": [{"a": 1}]}}, "api_error"),
        ({"code": None, "data": {"list": [{"a": 1}]}}, "api_error"),
        ({"data": {"total": 3, "pages": 1, "list": [{"a": 1}, {"a": 2}]}}, "page_incomplete"),
        ({"data": {"total": "3", "list": [{"a": 1}, {"a": 2}]}}, "page_incomplete"),
        ({"total": 3, "data": [{"a": 1}, {"a": 2}]}, "page_incomplete"),
        ({"data": {"total": 1, "pages": 2, "list": [{"a": 1}, {"a": 2}]}}, "page_incomplete"),
        ({"data": {"total": 1, "pages": 0, "list": []}}, "page_incomplete"),
    ],
)
def test_an_envelope_that_says_so_refuses_its_page(envelope, reason) -> None:
    assert code(json.dumps(envelope)) == reason


@pytest.mark.parametrize(
    ("envelope", "records"),
    [
        ({"code": 0, "data": {"total": 2, "pages": 1, "list": [{"a": 1}, {"a": 2}]}}, 2),
        ({"code": "0", "data": {"total": 5, "pages": 3, "list": [{"a": 1}, {"a": 2}]}}, 2),
        ({"code": 200, "data": {"items": [{"a": 1}], "next": "c2", "total": 9}}, 1),
        ({"code": 0, "data": {"total": 9, "pageNum": 2, "list": [{"a": 1}]}}, 1),
        ({"code": 0, "data": {"total": 0, "pages": 0, "list": []}}, 0),
        ({"errors": [], "data": {"list": [{"a": 1}]}}, 1),
    ],
)
def test_an_envelope_that_is_in_order_is_read(envelope, records) -> None:
    reading = opened(json.dumps(envelope))
    assert reading.framed == {0: records + 1}
    assert reading.grids[0].frame.height == records + 1


def test_a_page_far_too_large_is_refused_before_it_is_read() -> None:
    wide = json.dumps([{f"k{i}": 1} for i in range(3_000)])
    assert code(wide) == "json_too_large"
    assert code(b"[{}" + b" " * (64 << 20) + b"]") == "json_too_large"


@pytest.mark.parametrize("text", ["[附件1]台账\n姓名,年\n甲,1\n", '"{",a\n1,2\n', "[1],[2]\n3,4\n", "(a){},b\n1,2\n"])
def test_a_ledger_with_brackets_stays_a_ledger(text) -> None:
    assert opened(text).file_kind == "csv"


def test_a_framer_that_disagrees_refuses_the_page(monkeypatch) -> None:
    monkeypatch.setattr(reading_files, "count_file", lambda data, kind: {0: 99})
    assert code('[{"a":1}]') == "balance_broken"


def test_an_envelope_nested_too_deep_is_refused() -> None:
    deep = '{"a":' * 40 + '[{"x":1}]' + "}" * 40
    assert code(deep) == "json_malformed"
