"""An API's pages through the whole engine: units beside amounts, firms, paging that shifts, the way back to a cell."""

import json

import home_of_ledgers as build
import polars as pl
import pytest
from reading_files import zipped

from ingest import spec
from ingest.audit import reprove
from ingest.contracts.columns import LINEAGE
from ingest.explain import explain
from ingest.origin import origin
from ingest.parsers.firms import check_character

SPEC = """
[columns]
firm_uscc = "uscc"
firm_name = "entName"
platform = "platform"
sales_month = "period"
sales_yuan = { header = "salesAmount", unit_from = "unit" }
employees = "staff/all"
female_employees = "staff/women"
is_female_led = "femaleLed"
updated_at = "updatedAt"
"""


def uscc(first17: str) -> str:
    return first17 + check_character(first17)


def sale(number: int, **facts):
    return {
        "uscc": uscc(f"91130534{number:09}"),
        "entName": f"清河某某{number}有限公司",
        "platform": "淘宝",
        "period": "2024-03",
        "salesAmount": "1,234.56",
        "unit": "元",
        "staff": {"all": 5, "women": 3},
        "femaleLed": True,
        "updatedAt": "2024-04-05 10:00:00",
    } | facts


def page(*records, **facts) -> str:
    data = {"total": len(records), "pages": 1, "list": list(records)} | facts
    return json.dumps({"code": 0, "msg": "ok", "data": data}, ensure_ascii=False)


@pytest.fixture
def place(tmp_path, monkeypatch):
    senders = tmp_path / "senders"
    (senders / "xa").mkdir(parents=True)
    (senders / "xa" / "firm_sales.toml").write_text(SPEC, encoding="utf-8")
    monkeypatch.setattr(spec.SpecBook.__init__, "__defaults__", (senders,))
    return build.place(tmp_path / "home")


def drop(place, data, name="1.json"):
    place.drop(data, name=name, dataset="firm_sales")


def counts(attempt):
    kinds = ("records_in", "clean_records", "rejected_records", "duplicate_records", "non_data_records")
    return (attempt.state, *(getattr(attempt, kind) for kind in kinds))


def clean(place) -> pl.DataFrame:
    return place.rows("clean", "firm_sales").sort("row_no")


def places(place, layer):
    rows = place.rows(layer, "firm_sales").sort("row_no")
    return rows.select("row_no", "code", "column_name", "column_letter").rows()


def test_the_unit_beside_an_amount_counts_and_a_missing_one_is_not_guessed(place):
    drop(
        place,
        page(
            sale(1, unit="万元"),
            sale(2),
            sale(3, unit=None),
            sale(4, unit="箱"),
            sale(5, unit=None, salesAmount=None),
            sale(6, salesAmount=1.5, unit=" 万元 "),
        ),
    )
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 7, 4, 2, 0, 1)
    assert attempt.file_kind == "json"
    assert [None if v is None else str(v) for v in clean(place)["sales_yuan"]] == [
        "12345600.00", "1234.56", None, "15000.00",
    ]  # fmt: skip
    assert places(place, "rejects") == [(row, "unreadable_amount", "sales_yuan", "E") for row in (3, 4)]


def test_a_page_without_the_unit_is_refused(place):
    drop(place, page({key: value for key, value in sale(1).items() if key != "unit"}))
    (attempt,) = place.night()
    assert (attempt.state, attempt.reason_code, attempt.detail_code) == ("refused", "column_missing", "sales_yuan")


def test_an_amount_does_not_borrow_its_unit_from_anybody_elses_header(place):
    """A negative control: under a spec without unit_from the same cells are yuan."""
    (senders,) = spec.SpecBook.__init__.__defaults__ or ()
    (senders / "xa" / "firm_sales.toml").write_text(SPEC.replace(', unit_from = "unit"', ""), encoding="utf-8")
    drop(place, page(sale(1, unit="万元")))
    place.night()
    assert [str(v) for v in clean(place)["sales_yuan"]] == ["1234.56"]


def test_who_owns_a_business_alone_is_a_token_without_a_name(place):
    sole = sale(1, uscc=uscc("92130534MA0000000"), entName="王某服装店")
    old = sale(3, uscc="130534600000001", entName="李某布店")
    drop(place, page(sole, sale(2), old, sale(4, uscc="130534000000001")))
    place.night()
    rows = clean(place).select("firm_id", "firm_name", "is_sole_trader").rows()
    assert [(name, is_sole) for _, name, is_sole in rows] == [
        (None, True), ("清河某某2有限公司", False), (None, True), ("清河某某4有限公司", False),
    ]  # fmt: skip
    assert [len(firm) for firm, _, _ in rows] == [32, 18, 32, 15]
    assert all(set(rows[at][0]) <= set("abcdefghijklmnop") for at in (0, 2))
    assert [code for _, code, _, _ in places(place, "findings")] == ["uscc_old", "uscc_old"]
    assert "王某" not in repr(place.rows("clean", "firm_sales").rows())


def test_identifiers_typed_as_numbers_and_unknown_keys_are_told_with_their_place(place):
    typed, wrong = sale(1, uscc=130534000000001), sale(2, uscc="9113053400000000X0")
    drop(place, page(typed, wrong, sale(3, more=1), sale(4, uscc="")))
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 5, 1, 3, 0, 1)
    assert places(place, "rejects") == [
        (1, "id_typed_as_number", "firm_uscc", "A"),
        (2, "uscc_malformed", "firm_uscc", "A"),
        (4, "missing_required", "firm_uscc", "A"),
    ]
    assert places(place, "findings") == [(0, "unknown_column", None, "K")]


def test_rules_of_the_contract_hold_for_pages_too(place):
    drop(place, page(sale(1, staff={"all": 3, "women": 5}), sale(2, staff={"all": 3, "women": None})))
    place.night()
    assert places(place, "rejects") == [(1, "women_over_employees", "female_employees", "H")]


def test_an_empty_page_is_a_delivery_without_rows(place):
    drop(place, page())
    drop(place, page(sale(1)), name="2.json")
    assert sorted(counts(one) for one in place.night()) == [("clean", 1, 0, 0, 0, 1), ("clean", 2, 1, 0, 0, 1)]
    assert [proof.holds for proof in reprove(place.home, place.keyring)] == [True, True]


def test_a_bad_page_harms_only_itself(place):
    bad = ('{"code":401,"msg":"token"}', page(sale(1), total=9), page(sale(2))[:-5], '[{"a":1,"a":2}]', '{"a":' * 9999)
    for number, data in enumerate((*bad, page(sale(3)))):
        drop(place, data, name=f"{number}.json")
    attempts = place.night()
    assert sorted(one.reason_code or one.state for one in attempts) == [
        "api_error", "clean", "json_malformed", "json_malformed", "json_malformed", "page_incomplete",
    ]  # fmt: skip
    assert clean(place).height == 1


PAGES = [
    page(sale(1), sale(2), total=5, pages=3),
    page(sale(2), sale(3, updatedAt="2024-04-06 10:00:00"), total=5, pages=3),
    page(sale(3), total=5, pages=3),
]


def test_pages_that_shifted_say_the_same_in_any_order(place, tmp_path):
    """A row that slips from one page to the next while paging is the same statement twice, whichever comes first."""
    for number, data in enumerate(PAGES):
        drop(place, data, name=f"{number}.json")
    place.night()
    content = place.content("firm_sales")
    assert len(content) == 5
    assert len(set(map(repr, content))) == 4
    other = build.place(tmp_path / "other", like=place.home.root)
    for number in (2, 0, 1):
        drop(other, PAGES[number], name=f"{number}.json")
        other.night()
    assert other.content("firm_sales") == content


def test_a_bundle_of_pages_is_as_many_deliveries(place):
    drop(place, zipped([(f"{number}.json", data) for number, data in enumerate(PAGES)]), name="pages.zip")
    assert sorted(counts(one) for one in place.night()) == [("clean", 2, 1, 0, 0, 1)] + [("clean", 3, 2, 0, 0, 1)] * 2


def test_a_row_that_stands_twice_in_one_page_counts_once_and_one_that_contradicts_itself_not_at_all(place):
    drop(place, page(sale(1), sale(1), sale(2), sale(2, salesAmount="9")))
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 5, 1, 2, 1, 1)


def test_every_clean_row_leads_back_to_its_element(place):
    drop(place, page(sale(1), sale(2, staff={"all": 12, "women": 1})))
    place.night()
    (row,) = clean(place).filter(pl.col("employees") == 12).select(*LINEAGE).rows(named=True)
    found = origin(place.home, place.keyring, "firm_sales", "xa", row["delivery_id"], row["row_no"])
    assert found.row_no == 2
    assert ("G", "staff/all", "12") in found.cells
    assert ("A", "uscc", uscc("91130534000000002")) in found.cells


def test_a_page_nobody_knows_is_explained(tmp_path):
    path = tmp_path / "page.json"
    records = [{"统一社会信用代码": sale(n)["uscc"], "peMonth": "2024-03", "平台": "淘宝"} for n in range(5)]
    path.write_text(page(*records), encoding="utf-8")
    found = explain(path, dataset="firm_sales")
    assert (found.file_kind, found.sheets[0].header_row, found.sheets[0].records) == ("json", 0, 6)
    assert [column.name for column in found.sheets[0].columns] == ["firm_uscc", None, "platform"]
    assert "更新时间" in found.missing
    assert "peMonth" in found.draft_toml
    assert sale(1)["uscc"] not in repr(found)


def test_one_page_of_several_is_no_snapshot_and_what_is_not_read_is_told(place):
    reach = {"招聘会编号": "ZPH-1", "统计渠道": "现场", "统计对象": "求职者", "人数": 9}
    one = {"total": 3, "pages": 2, "list": [reach]}
    place.drop(json.dumps({"code": 0, "data": one}, ensure_ascii=False), name="a.json", dataset="fair_reach")
    (attempt,) = place.night()
    assert (attempt.state, attempt.reason_code, attempt.records_in) == ("refused", "page_incomplete", 2)
    drop(place, page(sale(1), next="c2", rows=None))
    drop(place, page(sale(2), extra={"brands": [{"x": 1}]}), name="2.json")
    assert {one.state for one in place.night()} == {"clean"}
    assert places(place, "findings") == [(None, "list_not_read", None, None)]


def test_a_withheld_key_of_a_nested_object_is_no_surprise(place):
    drop(place, page(sale(1, contact={"联系人": "张三", "联系人（备用）": "李四", "工号": "7"})))
    place.night()
    assert [code for _, code, _, _ in places(place, "findings")] == ["unknown_column"]
    assert "张三" not in repr(place.rows("clean", "firm_sales").rows())
