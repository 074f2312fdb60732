"""Hostile and broken files are refused with the right reason, and take nothing else down with them."""

import io
import os
import signal
import stat
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import reading_files as build

from ingest.reading import WorkbookReader, excel, excel_worker, preflight, read, unpack
from ingest.reading import files as reading_files
from ingest.reasons import REASONS, Refused

HONEST = build.xlsx([["姓名", "数"], ["甲", 1]])
XML_HTML = b"<html><table><tr><td>1</td></tr></table></html>"


@pytest.fixture(scope="module")
def workbooks() -> Iterator[WorkbookReader]:
    with WorkbookReader() as reader:
        yield reader


def encrypted_zip() -> bytes:
    data = bytearray(HONEST)
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def wide_ratio() -> bytes:
    return build.raw_xlsx(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * 30_000_000}</t></is></c></row>')


def lying_size() -> bytes:
    """A member that says it unpacks to little."""
    data = bytearray(build.raw_xlsx(build.cells(*(f"A{row}" for row in range(1, 3000)))))
    at = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(data)


CORNER = build.raw_xlsx(build.cells("A1", "XFD1048576"))
FILES = {
    "empty": (b"", "empty_file"),
    "blank lines": (b"\r\n \n", "empty_file"),
    "only a mark": (b"\xef\xbb\xbf", "empty_file"),
    "last corner": (CORNER, "workbook_too_large"),
    "wide and far": (build.raw_xlsx(build.cells("A1", "ZZ200000")), "workbook_too_large"),
    "no such row": (build.raw_xlsx(build.cells("A1", "A99999999999")), "workbook_too_large"),
    "no such row tag": (build.raw_xlsx('<row r="99999999"><c><v>1</v></c></row>'), "workbook_too_large"),
    "no such column": (build.raw_xlsx(build.cells("A1", "ZZZZZ1")), "workbook_too_large"),
    "corner written oddly": (
        build.raw_xlsx(build.cells("A1") + "<row><x:c xmlns:x='m' s='1' r = 'XFD1048576'><v>1</v></x:c></row>"),
        "workbook_too_large",
    ),
    "laughs in a sheet": (build.raw_xlsx(build.cells("A1"), prolog=build.LAUGHS), "workbook_too_large"),
    "file entity": (
        build.raw_xlsx("", prolog='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'), "workbook_too_large"
    ),
    "ratio": (wide_ratio(), "workbook_too_large"),
    "lying size": (lying_size(), "workbook_damaged"),
    "cut zip": (HONEST[: len(HONEST) // 2], "workbook_damaged"),
    "flipped byte": (HONEST[:1500] + bytes([HONEST[1500] ^ 255]) + HONEST[1501:], "workbook_damaged"),
    "no sheet in it": (build.zipped([("[Content_Types].xml", "x"), ("xl/a.xml", "x")]), "workbook_damaged"),
    "xml cut": (build.raw_xlsx(build.cells("A1"), end=""), "workbook_damaged"),
    "path out": (build.raw_xlsx("", more=[("../../evil.txt", "x")]), "bundle_unsafe"),
    "one name twice": (
        build.raw_xlsx("", more=[("xl/workbook.xmk", "x")]).replace(b"workbook.xmk", b"workbook.xml"), "bundle_unsafe"
    ),
    "encrypted zip": (encrypted_zip(), "workbook_encrypted"),
    "encrypted package": (build.ole("EncryptedPackage", "EncryptionInfo"), "workbook_encrypted"),
    "locked xls": (build.locked_xls(), "workbook_encrypted"),
    "cut xls": (build.xls([["甲", 1]])[:3000], "workbook_damaged"),
    "stub xls": (build.ole("Workbook"), "workbook_damaged"),
    "wps et": (build.ole("ETWorkbookStream"), "file_kind_unknown"),
    "html": (XML_HTML, "file_kind_unknown"),
    "html with a mark": (b"\xef\xbb\xbf \n" + XML_HTML, "file_kind_unknown"),
    "pdf": (b"%PDF-1.7 ...", "file_kind_unknown"),
    "other zip": (build.zipped([("a.csv", "a,b")]), "file_kind_unknown"),
    "nul": (b"a,b\n1,\x002\n", "encoding_damaged"),
    "nul tail": (b"a,b\n1,2\n" + bytes(4096), "encoding_damaged"),
    "replaced": ("姓名,数\n甲\ufffd,1\n".encode(), "encoding_replaced"),
    "neither encoding": ("姓名,数\n".encode() + "甲,1\n".encode("gb18030") + b"\xff\n", "encoding_damaged"),
    "open quote": ('姓名,数\n甲,1\n"乙,2\n丙,3\n'.encode(), "quote_unbalanced"),
    "text behind a quote": ('姓名,数\n"甲"乙,1\n'.encode(), "quote_unbalanced"),
    "swallowing quote": (("姓名,数\n甲,1\n乙,\"2\n" + "丙,3\n" * 30 + '丁,4"\n戊,5\n').encode(), "quote_unbalanced"),
    "swallowing quote, slow": (
        ("姓，数\n乙，\"2\n" + "丙，3\n" * 30 + '丁，4"\n戊，5\n').encode(), "quote_unbalanced"
    ),
    "pipes": ("姓名|数\n甲|1\n".encode(), "separator_unknown"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_refused_with_its_reason(name: str, workbooks: WorkbookReader) -> None:
    data, code = FILES[name]
    with pytest.raises(Refused) as caught:
        read(data, ".xls", workbooks)
    assert caught.value.code == code
    assert REASONS[code].whole_file
    assert "甲" not in str(caught.value)


def test_the_row_of_a_quote_is_named(workbooks: WorkbookReader) -> None:
    for name, row_no in {"open quote": 3, "text behind a quote": 2, "swallowing quote": 3}.items():
        with pytest.raises(Refused) as caught:
            read(FILES[name][0], ".csv", workbooks)
        assert caught.value.row_no == row_no, name


@pytest.mark.parametrize(
    "data",
    [
        build.raw_xlsx(build.cells("A1", "C40000")),
        build.raw_xlsx(build.cells("A1") + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
        build.xlsx([["姓名"] * 300] * 40, [["甲"]]),
        build.raw_xlsx('<row r="1"><c r="A1" t="inlineStr"><is><t>a:c &lt;row&gt; "</t></is></c></row>'),
    ],
)
def test_honest_workbooks_pass(data: bytes, workbooks: WorkbookReader) -> None:
    reading = read(data, ".xlsx", workbooks)
    assert reading.framed[1] == reading.grids[0].frame.height > 0


def test_a_bomb_without_preflight_kills_the_child_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_files, "check_xlsx", lambda data: False)
    with WorkbookReader() as workbooks:
        read(HONEST, ".xlsx", workbooks)
        first = workbooks.process_id
        with pytest.raises(Refused, match="workbook_crashed"):
            read(CORNER, ".xlsx", workbooks)
        assert read(HONEST, ".xlsx", workbooks).framed == {1: 2}
        assert workbooks.process_id not in (first, None)


def test_a_killed_child_costs_its_file_only() -> None:
    rows = [[f"甲{row}", row] * 6 for row in range(20_000)]
    big = build.xlsx(rows)
    with WorkbookReader() as workbooks:
        read(HONEST, ".xlsx", workbooks)
        killer = threading.Timer(0.05, os.kill, (workbooks.process_id, signal.SIGKILL))
        killer.start()
        with pytest.raises(Refused, match="workbook_crashed"):
            workbooks.grids(big, "xlsx")
        killer.join()
        assert read(HONEST, ".xlsx", workbooks).framed == {1: 2}


def test_a_slow_workbook_is_given_up() -> None:
    with WorkbookReader(wall_seconds=0.02) as workbooks:
        began = time.monotonic()
        with pytest.raises(Refused, match="workbook_timeout"):
            workbooks.grids(HONEST, "xlsx")
        assert time.monotonic() - began < 2
        assert workbooks.process_id is None


def test_leaving_ends_the_child() -> None:
    with WorkbookReader() as workbooks:
        assert workbooks.process_id is None
        read(HONEST, ".xlsx", workbooks)
        process_id = workbooks.process_id
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)


def test_the_child_has_its_limits() -> None:
    with WorkbookReader() as workbooks:
        read(HONEST, ".xlsx", workbooks)
        limits = Path(f"/proc/{workbooks.process_id}/limits").read_text()
    found = {line[:25].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert found["Max address space"] == str(excel_worker.MEMORY_BYTES)
    assert found["Max core file size"] == "0"
    assert int(found["Max cpu time"]) <= excel_worker.CPU_SECONDS + 5


def test_the_child_keeps_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGUO_PLANTED", "planted")
    with WorkbookReader() as workbooks:
        read(HONEST, ".xlsx", workbooks)
        assert b"planted" not in Path(f"/proc/{workbooks.process_id}/environ").read_bytes()


def test_the_plain_and_the_exact_extent_agree() -> None:
    sheet = build.cells("A1", "C7", "AB19").encode()
    plain, exact = preflight.Extent(is_exact=False), preflight.Extent(is_exact=True)
    plain.add(sheet)
    exact.add(sheet)
    assert (plain.cells, plain.rows, plain.columns) == (exact.cells, exact.rows, exact.columns) == (3, 19, 28)


def link() -> bytes:
    target, info = io.BytesIO(), zipfile.ZipInfo("a.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        build.zipped([("../a.csv", "x")]),
        build.zipped([("a/../../b.csv", "x")]),
        build.zipped([("/etc/a.csv", "x")]),
        build.zipped([("C:/a.csv", "x")]),
        build.zipped([("..\\a.csv", "x")]),
        build.zipped([("in.zip", build.zipped([("a.csv", "x")]))]),
        build.zipped([("a.csv", "a" * 20_000_000)]),
        build.zipped((f"{number}.csv", "x") for number in range(2_001)),
        build.zipped([("a.csv", "甲,1\n" * 50)])[:-30],
        link(),
    ],
    ids=["up", "up inside", "absolute", "drive", "backslash", "nested", "ratio", "members", "cut", "link"],
)
def test_unsafe_archives(data: bytes) -> None:
    with pytest.raises(Refused, match="bundle_unsafe"):
        unpack(data)


def test_a_worker_that_cannot_start_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel.sys, "executable", "/bin/false")
    with WorkbookReader() as workbooks, pytest.raises(Refused, match="workbook_crashed"):
        read(HONEST, ".xlsx", workbooks)
