"""The engine end to end: a file into the inbox, and every record in exactly one place, with its reason."""

import home_of_ledgers as build
import pytest
from home_of_ledgers import HEADER, csv, pairing, xlsx

from ingest.contracts import CONTRACTS
from ingest.ledger import Ledger

FUNDS = ("年度", "凭证号", "资金来源", "支出数（万元）", "受益人数")


@pytest.fixture
def place(tmp_path):
    return build.place(tmp_path)


def counts(attempt):
    kinds = ("records_in", "clean_records", "rejected_records", "duplicate_records", "non_data_records")
    return (attempt.state, *(getattr(attempt, kind) for kind in kinds))


MESSY = (
    ("某区台账（截至2024年4月30日）",),
    ("填报单位：某妇联",),
    HEADER,
    pairing(1),
    pairing(2, day="4月13日"),
    pairing(3, day="2024-13-45"),
    pairing(4, day=""),
    pairing(5, day="#N/A"),
    pairing(6, name="", phone=""),
    pairing(7, name="张三、李四"),
    pairing(1),
    pairing(8),
    pairing(8, child="又名"),
    ("6", "", "", "", "", ""),
    HEADER,
    ("合 计", "8", "", "", "", ""),
    ("填表人：王五", "", "", "", "", ""),
)


def padded(rows):
    return [(*row, *[""] * (len(HEADER) - len(row))) for row in rows]


@pytest.mark.parametrize(
    "as_file", [lambda rows: csv(*rows), lambda rows: csv(*rows).encode("gb18030"), lambda rows: xlsx(*rows)]
)
def test_a_messy_ledger(place, as_file):
    place.drop(as_file(padded(MESSY)))
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 17, 2, 7, 1, 7)
    assert str(attempt.as_of_on) == "2024-04-30"
    assert place.codes("rejects") == [
        "duplicate_key", "duplicate_key", "missing_required", "missing_required", "person_unidentified", "two_names",
        "unreadable_day",
    ]  # fmt: skip
    assert set(place.codes("findings")) == {"background_check_missing", "year_completed"}


def test_a_reason_has_its_place_and_no_value(place):
    place.drop(csv(HEADER, pairing(1, day="昨天王五13812345678")))
    place.night()
    (row,) = place.rows("rejects").rows(named=True)
    assert (row["row_no"], row["column_name"], row["column_letter"]) == (2, "paired_on", "F")
    assert row["masked_value"] == "文文文文###########"


def test_a_person_is_required_and_missing_words_do_not_fail_the_delivery(place):
    """A warned or fixed cell that reads as nothing must refuse its record, never the whole file."""
    masked = "9990**********0120"
    header = ("儿童身份证号", "儿童姓名", "阳光妈妈姓名", "结对时间")
    place.drop(
        csv(header, (masked, "", "李四", "2024-04-01"), ("无", "-", "李四", "2024-04-01"), ("", "甲", "李四", "#REF!"))
    )
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 4, 0, 3, 0, 1)
    assert place.codes("rejects") == ["missing_required", "person_unidentified", "person_unidentified"]


def test_the_sender_hears_which_column_is_missing(place):
    place.drop(csv(("儿童姓名", "结对时间"), ("甲", "2024-04-01")))
    (attempt,) = place.night()
    assert (attempt.state, attempt.reason_code) == ("refused", "column_missing")


def test_ditto_repeats_the_record_above_with_its_type(place):
    rows = (
        HEADER,
        pairing(1, name="同上"),
        pairing(2, name="王五"),
        pairing(3, name=" 同上 "),
        ("合计", "3", "", "", "", ""),
        pairing(4, name="〃"),
        pairing(5, name=""),
        pairing(6, name="同上"),
    )
    place.drop(csv(*rows))
    place.night()
    assert place.codes("rejects") == ["ditto_unresolved", "ditto_unresolved", "person_unidentified"]
    assert len(set(place.rows("clean")["volunteer_token"])) == 1
    assert place.codes("findings").count("ditto_filled") == 2


def test_a_numeric_identity_stays_refused_under_ditto(place):
    place.drop(xlsx(HEADER, ("1", "甲", 20240001, *pairing(1)[3:]), ("2", "乙", "同上", *pairing(1)[3:])))
    place.night()
    assert place.codes("rejects") == ["id_typed_as_number", "id_typed_as_number"]


def test_workbook_and_csv_of_one_spec_in_one_batch(place):
    place.drop(csv((*HEADER, "解除时间"), (*pairing(1), "2024-04-20")), name="a.csv")
    place.drop(xlsx((*HEADER, "解除时间"), (*pairing(2), "2024-04-20")), name="b.xlsx")
    place.night()
    assert place.rows("clean")["ended_on"].null_count() == 0
    assert place.rows("clean").height == 2


@pytest.mark.parametrize(
    ("total", "people", "codes"),
    [
        ("225.5", "12", []),
        ("225", "12", ["total_differs"]),
        ("225.5", "11", ["total_differs"]),
        ("225.5", "约12", []),
        ("见附表", "12", ["total_differs"]),
    ],
)
def test_totals_are_checksums(place, total, people, codes):
    rows = (
        FUNDS,
        ("2024", "A1", "市级财政", "225", "10"),
        ("2024", "A2", "市级财政", "0.5", "2"),
        ("合计", "", "", total, people),
    )
    place.drop(csv(*rows), dataset="funds")
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 4, 2, 0, 0, 2)
    assert [code for code in place.codes("findings", "funds") if code == "total_differs"] == codes
    assert [str(value) for value in place.rows("clean", "funds")["spent_yuan"]] == ["2250000.00", "5000.00"]


def test_units_never_multiply_twice(place):
    place.drop(
        csv(FUNDS, ("2024", "A1", "市级财政", "225万元", "1"), ("2024", "A2", "市级财政", "1.2亿", "1")),
        dataset="funds",
    )
    place.night()
    assert [str(value) for value in place.rows("clean", "funds")["spent_yuan"]] == ["2250000.00"]
    assert place.codes("rejects", "funds") == ["unreadable_amount"]


def test_a_withdrawal_needs_only_its_key(place):
    place.drop(
        csv(("活动编号", "备注"), ("A1", ""), ("A1", ""), ("", "x")), dataset="care_activities", kind="withdrawal"
    )
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 4, 1, 1, 1, 1)


@pytest.mark.parametrize("dataset", sorted(CONTRACTS))
def test_the_official_labels_of_every_contract_are_its_header(place, dataset):
    labels = [written.labels[0] for written in CONTRACTS[dataset].written.values()]
    place.drop(csv(labels), dataset=dataset)
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 1, 0, 0, 0, 1)


def test_a_workbook_with_the_name_that_excel_gives_is_read(place):
    place.drop(xlsx(HEADER, pairing(1), name="Sheet1"))
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 2, 1, 0, 0, 1)


def test_same_as_above_in_several_files_is_read_in_one_call(place):
    for sender in ("xa", "xb"):
        place.drop(csv(HEADER, pairing(1), pairing(2, day="同上")), sender=sender)
    attempts = place.night()
    assert [counts(one) for one in attempts] == [("clean", 3, 2, 0, 0, 1)] * 2
    assert len({one.batch_id for one in attempts}) == 1
    assert place.codes("findings").count("ditto_filled") == 2


@pytest.mark.parametrize(
    ("id_no", "proves"),
    [("", True), ("未办理", True), ("9990****0120", False), ("999001201001011", False)],
    ids=["none", "not made out", "masked", "refused"],
)
def test_who_cannot_be_told_for_sure_proves_nobody_absent(place, id_no, proves):
    header = ("儿童姓名", "儿童身份证号", "阳光妈妈姓名", "联系电话", "结对时间")
    place.drop(csv(header, ("王芳", id_no, "李静", "19900000001", "2023-01-01")))
    place.night()
    with Ledger(place.home) as ledger:
        assert ledger.current()["proves_absence"].to_list() == [proves]
