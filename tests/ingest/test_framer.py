"""The framer counts what a second, slower reader counts, in files nobody would write on purpose."""

import csv
import io

import pytest
import reading_files as build
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading import framer
from ingest.reading.framer import count_csv
from ingest.reading.framer_workbook import count_workbook

CELL = st.text(alphabet="甲乙𠮷é ,;\t\"'\n\r，a1", max_size=6)
BARE = st.text(alphabet="甲𠮷 a1'.", max_size=4)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


FIELD = st.one_of(BARE, CELL.map(quoted), BARE.map(lambda text: f'a{text}"b'))
RECORD = st.lists(FIELD, min_size=0, max_size=5).map(",".join)
FILE = st.tuples(
    st.lists(st.tuples(RECORD, ENDS), max_size=8), st.sampled_from(["", "x", "x,y", '"z"']), st.booleans()
).map(lambda parts: ("\ufeff" if parts[2] else "") + "".join(r + e for r, e in parts[0]) + parts[1])


def slow_count(text: str) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@settings(max_examples=400, deadline=None)
@given(FILE, st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_counts_as_the_standard_library(text: str, encoding: str) -> None:
    if encoding != "utf-8":
        text = text.removeprefix("\ufeff")
    assert count_csv(text.encode(encoding), ",").records == slow_count(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELL.map(quoted), min_size=1, max_size=4).map(",".join), max_size=12), ENDS)
def test_counts_across_chunks(records: list[str], end: str) -> None:
    data = end.join(records).encode()
    kept, framer._CHUNK = framer._CHUNK, 7
    try:
        assert count_csv(data, ",").records == slow_count(data.decode())
    finally:
        framer._CHUNK = kept


def test_counts_a_closed_quote_as_one_record() -> None:
    assert count_csv(b'a,"b\nc\n"\n1,2', ",").records == 2


@pytest.mark.parametrize(
    ("sheet", "shared", "rows"),
    [
        (build.cells("A1", "B5"), "", 2),
        ('<row r="1"/><row r="2"><c r="A2" s="1"/></row><row r="3"><c r="A3"><f>B1</f></c></row>', "", 0),
        ('<row r="1"><c r="A1"><f>B1</f><v></v></c></row>', "", 0),
        ('<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>',
         '<si><t></t></si><si><t>甲</t></si>', 1),
        ('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', '<si><t xml:space="preserve"> \u3000</t></si>', 0),
        ('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>2</v></c></row>', "<si/>", 1),
        ('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "<si><t></t><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></si>", 0),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>', "", 1),
        ('<row><c><v>1</v></c></row><row/><row><c><v>1</v></c></row>', "", 2),
        ('<row r="7"><c r="A7" t="e"><v>#N/A</v></c></row>', "", 1),
    ],
)  # fmt: skip
def test_counts_rows_with_a_value(sheet: str, shared: str, rows: int) -> None:
    assert count_workbook(build.raw_xlsx(sheet, shared=shared), "xlsx") == {1: rows}


def test_counts_prefixed_rows() -> None:
    assert count_workbook(build.raw_xlsx(""), "xlsx") == {1: 0}
    prefixed = build.raw_xlsx('<x:row xmlns:x="m" r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>')
    assert count_workbook(prefixed, "xlsx") == {1: 1}


def test_counts_an_old_workbook() -> None:
    assert count_workbook(build.xls([["甲", 1], ["", " "], ["乙", None]]), "xls") == {1: 2}
