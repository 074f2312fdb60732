"""Honest files come through whole: every record a row or a ragged record, every cell as it was written."""

import csv
import datetime as dt
import io
from collections.abc import Iterator

import polars as pl
import pytest
import reading_files as build
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading import Grid, WorkbookReader, csv_scan, is_bundle, read, unpack
from ingest.reading import files as reading_files
from ingest.reasons import Refused

CELL = st.text(alphabet='甲𠮷é ,;\t"\n，1', max_size=5)
WELL_FORMED = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)
)

RECORD = st.sampled_from(["", " ", "甲,1,2", "甲,1", "甲,1,2,3", '"a,\nb",1,2', ',5" x,', ",,", "z"])


@pytest.fixture(scope="module")
def workbooks() -> Iterator[WorkbookReader]:
    with WorkbookReader() as reader:
        yield reader


def grid_of(data: bytes, workbooks: WorkbookReader) -> Grid:
    return read(data, ".csv", workbooks).grids[0]


def rows_of(grid: Grid) -> list[tuple[str | None, ...]]:
    return grid.frame.drop("row_no").rows()


def refusal(data: bytes, workbooks: WorkbookReader, suffix: str = ".csv") -> Refused:
    with pytest.raises(Refused) as caught:
        read(data, suffix, workbooks)
    return caught.value


@settings(max_examples=250, deadline=None)
@given(WELL_FORMED, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_every_cell_comes_back(rows: list[list[str]], end: str, encoding: str) -> None:
    header = [f"列{place}" for place in range(len(rows[0]))]
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    kept, csv_scan._CHUNK = csv_scan._CHUNK, 64
    try:
        with WorkbookReader() as workbooks:
            grid = grid_of(target.getvalue().encode(encoding), workbooks)
    finally:
        csv_scan._CHUNK = kept
    assert grid.ragged == ()
    assert rows_of(grid) == [tuple(cell or None for cell in row) for row in [header, *rows]]
    assert grid.frame["row_no"].to_list() == list(range(1, len(rows) + 2))


@settings(max_examples=300, deadline=None)
@given(st.lists(RECORD, max_size=9), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_rows_and_ragged_make_the_file(records: list[str], end: str, has_end: bool) -> None:
    data = (end.join(["姓名,数,备注", *records]) + (end if has_end else "")).encode()
    if end == "\r":
        data = data.replace(b"\n", b"\r")
    with WorkbookReader() as workbooks:
        reading = read(data, ".csv", workbooks)
    grid = reading.grids[0]
    numbers = [*grid.frame["row_no"], *grid.ragged]
    assert sorted(numbers) == list(range(1, reading.framed[0] + 1))
    expected = csv.reader(io.StringIO(data.decode(), newline=""))
    wide = [tuple(cell.replace("\r", "\n") or None for cell in row) for row in expected if len(row) == 3]
    assert [row for row in rows_of(grid) if any(row)] == [row for row in wide if any(row)]


@pytest.mark.parametrize(
    ("text", "ragged", "rows"),
    [
        ("东港区台账\n\n姓名,数\n甲,1\n乙,2,3\n丙\n", (5, 6), 4),
        ("台账,,,\n姓名,数,\n甲,1\n乙,2\n", (), 4),
        ("姓名,数,地址\n甲,1,东港,西湖\n乙,2,东港,西湖\n", (2, 3), 1),
        ("姓名;数\n甲;1,5\n", (), 2),
        ("姓名\t数\n甲\t1\n", (), 2),
        ("姓名，数\n甲，1\n", (), 2),
        ("编号\nHD1\n\nHD2\n", (), 4),
        ("\n\n姓名,数\n", (), 3),
    ],
)
def test_titles_blanks_and_separators(text: str, ragged: tuple, rows: int, workbooks: WorkbookReader) -> None:
    grid = grid_of(text.encode(), workbooks)
    assert (grid.ragged, grid.frame.height) == (ragged, rows)
    assert set(grid.frame.schema.dtypes()) == {pl.Int32, pl.String}


def test_line_ends_of_old_machines(workbooks: WorkbookReader) -> None:
    assert rows_of(grid_of("姓名,数\r甲,1\r\n乙,2\n丙,3".encode(), workbooks))[1:] == [
        ("甲", "1"),
        ("乙", "2"),
        ("丙", "3"),
    ]


def test_long_tail_of_blank_lines(workbooks: WorkbookReader) -> None:
    reading = read("姓名,数\n甲,1\n".encode() + b"\n" * 500, ".csv", workbooks)
    assert reading.framed == {0: 502} == {0: reading.grids[0].frame.height}


@pytest.mark.parametrize(("text", "encoding"), [("姓名,价\n𠮷¥㐂,¥1\n", "gb18030"), ("姓名,数\n甲,1\n", "utf-16-be")])
def test_encodings(text: str, encoding: str, workbooks: WorkbookReader) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    reading = read(mark + text.encode(encoding), ".csv", workbooks)
    assert reading.encoding == encoding
    assert rows_of(reading.grids[0])[1] == tuple(text.splitlines()[1].split(","))


def test_damage_is_never_read_as_another_encoding(workbooks: WorkbookReader) -> None:
    whole = "姓名,数\n甲乙丙,1\n".encode()
    for cut in range(len(whole)):
        data = whole[:cut] + whole[cut + 1 :]
        if whole[cut] >= 0x80:
            assert refusal(data, workbooks).code == "encoding_damaged", cut
    assert refusal(whole[:-4], workbooks).row_no == 2
    assert refusal(b"\xff\xfe" + "姓名".encode("utf-16-le")[:-1], workbooks).code == "encoding_damaged"


def test_a_balance_that_does_not_hold_is_refused(workbooks: WorkbookReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_files, "count_file", lambda *_: {0: 3})
    assert refusal(b"a,b\n1,2\n", workbooks).code == "balance_broken"


def full_workbook() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    day, hour = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet, hidden = book.add_worksheet("台账"), book.add_worksheet("底稿")
    book.add_chartsheet("图")
    last = book.add_worksheet("空")
    hidden.hide()
    hidden.write(0, 0, "x")
    sheet.merge_range(1, 0, 2, 1, "西湖镇")
    sheet.write_row(3, 0, ["甲", 12, 1.5, True, "=1+1"])
    sheet.write_datetime(3, 5, dt.date(2024, 4, 13), day)
    sheet.write_datetime(3, 6, dt.datetime.fromisoformat("2024-04-13T09:30"), hour)
    sheet.write_formula(3, 7, "=NA()", None, "#N/A")
    sheet.write_number(4, 0, 371102198001011234)
    sheet.write_string(5, 3, "  ")
    sheet.write_blank(9, 9, None, day)
    sheet.set_row(4, None, None, {"hidden": True})
    last.activate()
    book.close()
    return target.getvalue()


def test_a_workbook_comes_through_with_kinds_and_places(workbooks: WorkbookReader) -> None:
    reading = read(full_workbook(), ".xlsx", workbooks)
    first, hidden, empty = reading.grids
    assert [grid.sheet_no for grid in reading.grids] == [1, 2, 4]
    assert reading.framed == {1: 3, 2: 1, 4: 0}
    assert (first.sheet_name, first.merged, hidden.is_hidden) == ("台账", ((2, 0, 3, 1),), True)
    assert first.frame["row_no"].to_list() == [2, 4, 5]
    assert rows_of(first)[1] == ("甲", "12", "1.5", "TRUE", "0", "2024-04-13", "2024-04-13 09:30:00", "#N/A")
    assert "".join(first.kinds.drop("row_no").row(1)) == "tnnbndde"
    assert first.kinds["c0"].to_list() == ["t", "t", "n"]
    assert first.frame["c0"][2].startswith("3711021980")
    assert first.frame.shape == first.kinds.shape
    assert empty.frame.height == 0


def test_an_old_workbook_comes_through(workbooks: WorkbookReader) -> None:
    reading = read(build.xls([["姓名", "数"], ["", None], ["甲", 3]]), ".xls", workbooks)
    assert reading.file_kind == "xls"
    assert rows_of(reading.grids[0]) == [("姓名", "数"), ("甲", "3")]
    assert reading.framed == {1: 2}


def test_bytes_decide_and_not_the_name(workbooks: WorkbookReader) -> None:
    assert read(build.xlsx([["甲", 1]]), ".csv", workbooks).file_kind == "xlsx"
    assert read("姓名,数\n甲,1".encode(), ".xlsx", workbooks).file_kind == "csv"


def test_names_of_chinese_tools_in_a_zip() -> None:
    data = build.gbk_zip("2026年台账.csv", "姓名,数\n甲,1".encode())
    assert [member.name for member in unpack(data)] == ["2026年台账.csv"]
    assert is_bundle(data)
    assert not is_bundle(build.xlsx([["甲"]]))


def test_a_zip_leaves_out_what_is_no_ledger() -> None:
    names = ["a/b.csv", "~$b.xlsx", "a/c.tmp", "__MACOSX/a/._b.csv", "a/"]
    assert [member.name for member in unpack(build.zipped((name, "x") for name in names))] == ["a/b.csv"]
