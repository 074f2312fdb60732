"""Every hazard that ledgers are known for is somewhere in the sample exports, found by reading the bytes."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlrd

from samples.central import hostile_workbook


def _xml(root: Path, pattern: str, member: str = "xl/worksheets/sheet") -> str:
    """The XML of the workbooks that match, bundles opened."""
    text = []
    for path in sorted(root.glob(pattern)):
        data = path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(data)) as outer:
                data = outer.read(outer.namelist()[0])
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            text += [book.read(n).decode() for n in book.namelist() if n.startswith(member)]
    return "".join(text)


def _strings(root: Path, pattern: str) -> str:
    return _xml(root, pattern, "xl/sharedStrings")


def _csv(root: Path, pattern: str) -> str:
    found = [p.read_bytes() for p in sorted(root.glob(pattern))]
    assert found, pattern
    return "".join(d.decode("utf-8-sig") if d[:3] == b"\xef\xbb\xbf" else d.decode("gb18030", "replace") for d in found)


def _truth_has(code: str) -> Callable[[Path], bool]:
    return lambda root: f'"{code}"' in (root / "truth.json").read_text("utf-8")


def _in(read: Callable[[Path, str], str], pattern: str, regex: str) -> Callable[[Path], bool]:
    return lambda root: re.search(regex, read(root, pattern)) is not None


def _xls(root: Path) -> xlrd.Book:
    path = next(iter(sorted(root.glob("lanshan/pairings/*.xls"))))
    return xlrd.open_workbook(file_contents=path.read_bytes())


def _gbk_names(root: Path) -> bool:
    with zipfile.ZipFile(next(root.glob("juxian/care_activities/*.zip")), metadata_encoding="gbk") as bundle:
        return (
            len(bundle.namelist()) > 5
            and all(i.flag_bits & 0x800 == 0 for i in bundle.infolist())
            and any("招贤镇" in n for n in bundle.namelist())
        )


REGISTER, PAIRINGS, CITY = "rizhao-mz/children/*", "*/pairings/*.xlsx", "rizhao/pairings/*.csv"
HAZARDS: dict[str, Callable[[Path], bool]] = {
    "merged title": _in(_xml, PAIRINGS, r'mergeCell ref="A1:[T-Z]1"'),
    "two header rows, one header twice": lambda root: (
        _strings(root, "donggang/pairings/*.xlsx").count("阳光妈妈信息") == 5
    ),
    "merged value cells": _in(_xml, "donggang/pairings/*", r'mergeCell ref="G\d+:G\d+"'),
    "merged township cells": _in(_xml, REGISTER, r'mergeCell ref="B\d+:B\d+"'),
    "subtotal": _in(_strings, REGISTER, "小计"),
    "total": _in(_strings, REGISTER, "合计"),
    "footer": _in(_strings, REGISTER, "填表人：.*审核人："),
    "instructions sheet": _in(lambda r, p: _xml(r, p, "xl/workbook"), REGISTER, "填表说明"),
    "hidden sheet": _in(lambda r, p: _xml(r, p, "xl/workbook"), REGISTER, 'state="hidden"'),
    "hidden row": _in(_xml, REGISTER, '<row [^>]*hidden="1"'),
    "sample row": _in(_strings, REGISTER, "示例"),
    "formula without value": _in(_xml, REGISTER, r"<f>YEAR[^<]*</f><v></v>"),
    "error value": _in(_xml, "juxian/pairings/*.zip", 't="e"'),
    "sheet per township, .xls": lambda root: {"虎山镇", "巨峰镇"} <= set(_xls(root).sheet_names()),
    "date cells in .xls": lambda root: any(
        c.ctype == xlrd.XL_CELL_DATE for s in _xls(root).sheets() for n in range(s.nrows) for c in s.row(n)
    ),
    "1904 dates": _in(lambda r, p: _xml(r, p, "xl/workbook"), "rizhao/honours/*", "date1904"),
    "GB18030 with CRLF": lambda root: b"\r\n" in next(root.glob("wulian/pairings/*.csv")).read_bytes(),
    "quoted comma": _in(_csv, "donggang/care_activities/*.csv", r'"[^"]*,[^"]*"'),
    "quote in a cell": _in(_csv, "donggang/care_activities/*.csv", '""想学画画""'),
    "line end in a cell": _in(_csv, "donggang/care_activities/*.csv", "情绪稳定\r\n饮食正常"),
    "blank record": _in(_csv, "donggang/care_activities/*.csv", "\r\n\r\n"),
    "UTF-8 with mark": lambda root: all(p.read_bytes()[:3] == b"\xef\xbb\xbf" for p in root.glob(CITY)),
    "zip with GBK names": _gbk_names,
    "15-digit number": _in(_csv, "wulian/pairings/*.csv", r",999001[5-9]\d{8},"),
    "masked number": _in(_csv, "wulian/pairings/*.csv", r",9990\*{10}\d{3}[\dX],"),
    "lower-case x": _in(_strings, REGISTER, r">999001\d{11}x<"),
    "full-width number": _in(_strings, REGISTER, "９９９００１"),
    "number with spaces": _in(_strings, REGISTER, r"999001 \d{8} \d{3}"),
    "number with apostrophe": _in(_strings, REGISTER, r"'999001"),
    "no number": _in(_strings, REGISTER, "未办理|无户口"),
    "wide space in a name": _in(_strings, REGISTER, r">[\u4e00-\u9fff]　[\u4e00-\u9fff]"),
    "pet name": _in(_strings, REGISTER, "（小.）"),
    "middle dots": _in(_strings, REGISTER, "[•．‧]买合"),
    "private-use character": _in(_strings, REGISTER, "\ue1a3"),
    "non-breaking space": _in(_csv, "wulian/pairings/*.csv", "\u00a0"),
    "zero-width space": _in(_csv, "wulian/pairings/*.csv", "\u200b"),
    "phone with prefix": _in(_csv, CITY, r"\+86199"),
    "two phones": _in(_csv, CITY, r"199\d{8}/0633-"),
    "date 2024年4月13日": _in(_csv, CITY, r"\d{4}年\d{1,2}月\d{1,2}日"),
    "date 2024.4.13": _in(_csv, CITY, r",20\d\d\.\d{1,2}\.\d{1,2},"),
    "date 2024/04/13": _in(_csv, CITY, r",20\d\d/\d\d/\d\d,"),
    "date 20240413": _in(_csv, CITY, r",20\d{6},"),
    "date 24.4.13": _in(_csv, CITY, r",2[1-4]\.\d{1,2}\.\d{1,2},"),
    "date in full width": _in(_csv, CITY, "２０２"),
    "date without year": _in(_strings, "donggang/pairings/*", r">\d{1,2}月\d{1,2}日<"),
    "month only": _in(_strings, REGISTER, r">20\d\d年\d{1,2}月<"),
    "part of a month": _in(_strings, "rizhao/trainings/*", "8月中旬"),
    "range of days": _in(_strings, "rizhao/trainings/*", "13—15日"),
    "serial day": _in(_xml, REGISTER, r'<c r="Q\d+"><v>4[345]\d{3}</v>'),
    "birth 2015.6 as text": _in(_strings, REGISTER, r">20(0|1)\d\.[2-9]<"),
    "万元 in the header": _in(_strings, "rizhao/funds/*", "支出数（万元）"),
    "万元 in the cell": _in(_strings, "rizhao/funds/*", ">31.35万元<"),
    "negative in brackets": _in(_strings, "rizhao/funds/*", "（0.5）"),
    "元 with sign and commas": _in(_strings, "donggang/funds/*", "￥86,400.00"),
    "2.1万": _in(_strings, "rizhao/support_services/*", ">2.1万<"),
    "200余": _in(_strings, "rizhao/support_services/*", ">200余<"),
    "同上": _in(_csv, "wulian/pairings/*.csv", "同上"),
    "〃": _in(_csv, "wulian/pairings/*.csv", "〃"),
    "several values in a cell": _in(_strings, REGISTER, "孤儿、重残"),
    "several numbers in a cell": _in(_csv, "donggang/care_activities/*.csv", r"KJ-\d{4};371102-KJ"),
    "correction": lambda root: len(list(root.glob("*/*/correction/*"))) >= 3,
    "withdrawal": lambda root: len(list(root.glob("*/*/withdrawal/*"))) == 1,
    "withdrawn by status": _in(_csv, "donggang/care_activities/*.csv", ",撤回,"),
    "soft delete": _in(_csv, "rizhao/referrals/*.csv", r":\d\d,1,"),
    "duplicates": lambda root: '"duplicate": 2' in (root / "truth.json").read_text("utf-8"),
    "renamed column": lambda root: any(
        "牵手日期" in s.row_values(1)
        for p in root.glob("lanshan/pairings/*.xls")
        for s in xlrd.open_workbook(p).sheets()
    ),
}
_CODES = (
    "id_typed_as_number id_check_digit id_too_old id_malformed two_names ambiguous_day unreadable_day future_day "
    "unknown_code unreadable_flag unreadable_number unreadable_amount unreadable_instant missing_required "
    "ragged_record duplicate_key ended_before_paired closed_before_registered entered_before_happened "
    "class_ends_before_start"
)
HAZARDS |= {f"refused: {code}": _truth_has(code) for code in _CODES.split()}


@pytest.mark.parametrize("hazard", HAZARDS)
def test_hazard_is_there(world, hazard):
    assert HAZARDS[hazard](world.root)


def test_an_absent_hazard_would_be_missed(world):
    assert not _truth_has("no_such_reason")(world.root)
    assert not _in(_strings, REGISTER, "此处没有")(world.root)


def test_hostile_workbook_is_small_and_names_the_last_cell():
    data = hostile_workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"XFD1048576" in book.read("xl/worksheets/sheet1.xml")
    assert len(data) < 3_000
