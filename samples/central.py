"""The organisation tables, the first city's and the nation's, and a workbook made to break its reader."""

from datetime import date

from samples.federation import federation_rows
from samples.places import CITY_SENDER, organisation_rows
from samples.sheets import NON_DATA, Row, csv_bytes, zip_bytes
from samples.truth import Outbox, arrived, refused, truth_of_records

ORGANISATION_HEADER = (
    "机构代码",
    "机构名称",
    "所在区域",
    "层级",
    "上级机构代码",
    "行政区划代码",
    "报送代号",
    "是否功能区",
    "成立日期",
    "撤销日期",
)
# Encoding and line ends: of a file saved by Excel, and of what a query is landed as.
_SAVED, _EXTRACTED = ("utf-8-sig", "\r\n"), ("utf-8", "\n")
_SHEET = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
)
_BOOK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_RELATION}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def write_organisations(box: Outbox) -> None:
    """Send the city's tree three times: villages are still missing in the first, and one office is renamed in the last.

    The nation sends everybody else's twice, the second time out of a database and not as a file that somebody saved;
    one functional area has got another name in between.
    """
    rows = organisation_rows()
    villages = [r for r in rows if r[3] == "村级"]
    for nth, received in enumerate((date(2022, 5, 3), date(2023, 1, 9), date(2024, 1, 8))):
        listed = [r for r in rows if nth or r not in villages[-20:]]
        if nth == 2:
            listed = [[*r[:1], r[1].replace("日照市民政局", "日照市民政局（未成年人保护科）"), *r[2:]] for r in listed]
        _table(CITY_SENDER, listed, received, box, _SAVED)
    for received, written in ((date(2022, 5, 3), _SAVED), (date(2024, 1, 8), _EXTRACTED)):
        _table("federation", federation_rows(received), received, box, written)


def _table(sender: str, listed: list[list[str]], received: date, box: Outbox, written: tuple[str, str]) -> None:
    records = [Row(list(ORGANISATION_HEADER), NON_DATA), *[Row(r) for r in listed]]
    path = f"{sender}/organisations/妇联组织机构表{received.year}.csv"
    box.put(path, csv_bytes(records, *written), arrived(received, hour=1), truth_of_records(records))


def hostile_workbook() -> bytes:
    """A workbook of two cells, A1 and XFD1048576, for which a dense reader asks 550 GB."""
    return zip_bytes(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _RELS.format(kind=f"{_RELATION}/officeDocument", target="xl/workbook.xml").encode(),
            "xl/workbook.xml": _BOOK.encode(),
            "xl/_rels/workbook.xml.rels": _RELS.format(
                kind=f"{_RELATION}/worksheet", target="worksheets/sheet1.xml"
            ).encode(),
            "xl/worksheets/sheet1.xml": _SHEET.encode(),
        }
    )


def write_hostile(box: Outbox) -> None:
    """Send the workbook that would kill its reader."""
    box.put(
        "juxian/trainings/培训名册2023.xlsx",
        hostile_workbook(),
        arrived(date(2023, 9, 5)),
        refused("workbook_too_large"),
    )
