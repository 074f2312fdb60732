"""A new sender's file explained, and the TOML that is drafted for it."""

import home_of_ledgers as build
import pytest
from home_of_ledgers import csv, xlsx

from ingest.contracts import CONTRACTS
from ingest.explain import explain
from ingest.headers import locate
from ingest.parsers.identities import check_character
from ingest.reading.excel import WorkbookReader
from ingest.reading.files import read
from ingest.spec import read_spec

ID = "99900120150601012" + check_character("99900120150601012")
RENAMED = {
    "child_name": "孩子名字",
    "child_id_no": "孩子证件号",
    "volunteer_name": "爱心妈妈名字",
    "volunteer_phone": "妈妈手机号码",
    "paired_on": "结对的日期",
}
ORDINALS = "一二三四五六七八九十"
ROWS = [
    (f"张{one}", ID, f"李{one}", f"1380000{n:04}", f"2024-04-{n:02}", "一对一", "AB型")
    for n, one in enumerate(ORDINALS, 1)
]
HEADER = (*RENAMED.values(), "结对方式", "血型")


@pytest.fixture(params=["ledger.csv", "ledger.xlsx"])
def path(request, tmp_path):
    path = tmp_path / request.param
    rows = (("某县台账", *[""] * 6), HEADER, *ROWS)
    path.write_bytes(xlsx(*rows) if path.suffix == ".xlsx" else csv(*rows).encode("gb18030"))
    return path


def drafted(path, found):
    target = path.parent / "pairings.toml"
    target.write_text(found.draft_toml, encoding="utf-8")
    return read_spec(target, "pairings")


def test_the_draft_names_the_renamed_headers(path):
    spec = drafted(path, explain(path, dataset="pairings"))
    right = [name for name, header in RENAMED.items() if spec.column(name).header == (header,)]
    assert len(right) >= 0.9 * len(RENAMED), spec
    assert "血型" in explain(path, dataset="pairings").draft_toml


def test_the_draft_makes_the_file_readable(path):
    spec = drafted(path, explain(path, dataset="pairings"))
    with WorkbookReader() as workbooks:
        (grid,) = read(path.read_bytes(), path.suffix, workbooks).grids
    assert {column.name for column in locate(grid, CONTRACTS["pairings"], spec).columns} >= set(RENAMED)


def test_it_shows_the_layout_and_no_value(path):
    found = explain(path, dataset="pairings")
    (sheet,) = found.sheets
    assert (sheet.header_row, found.encoding) == (2, "gb18030" if path.suffix == ".csv" else None)
    assert found.missing != ()
    said = repr(found)
    assert ID not in said
    assert "13800000001" not in said
    assert "张一" not in said


def test_odd_headers_do_not_break_the_draft(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        xlsx(("儿童姓名", "阳光妈妈", "结对时间", '血"型\n\\a', "身高\n体重"), ("甲", "乙", "2024-04-01", "1", "2"))
    )
    drafted(path, explain(path, dataset="pairings"))
    assert "血" in explain(path, dataset="pairings").draft_toml


@pytest.mark.parametrize("dataset", ["pairings", "care_activities", "funds", "trainings", "children"])
def test_the_dataset_is_guessed_from_its_official_header(tmp_path, dataset):
    path = tmp_path / "a.csv"
    path.write_text(csv([one.labels[0] for one in CONTRACTS[dataset].written.values()]), encoding="utf-8")
    assert explain(path).dataset == dataset
    assert explain(path).missing == ()


def test_it_lands_nothing(tmp_path):
    place = build.place(tmp_path / "home")
    path = tmp_path / "a.csv"
    path.write_text(csv(("儿童姓名", "阳光妈妈", "结对时间")), encoding="utf-8")
    explain(path)
    assert place.night() == []


def test_a_serial_number_is_no_person(tmp_path):
    path = tmp_path / "a.csv"
    rows = ("序号,孩子,阳光妈妈姓名,结对日期", "1,王芳,李静,2023-01-01", "2,张敏,李静,2023-01-01")
    path.write_text("\n".join(rows), encoding="utf-8")
    assert "序号" not in explain(path, dataset="pairings").draft_toml
