"""Laws 1, 2 and 3 over generated ledgers: nothing vanishes, order decides nothing, and no person leaves landing."""

import itertools
import json
import sqlite3
import tempfile
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import home_of_ledgers as build
import polars as pl
import pytest
from home_of_ledgers import ARRIVED, HEADER, csv, pairing, xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.audit import reprove
from ingest.parsers.identities import check_character

FEW = settings(max_examples=8, deadline=None, derandomize=True)
FEWER = settings(max_examples=4, deadline=None, derandomize=True)
BLANK = ("", "", "", "", "", "")
DIRTY = {
    "day": ({"day": "昨天"}, "unreadable_day"),
    "no_day": ({"day": ""}, "missing_required"),
    "future": ({"day": "2031-01-01"}, "future_day"),
    "nobody": ({"name": "", "phone": ""}, "person_unidentified"),
    "two": ({"name": "张三、李四"}, "two_names"),
}
KINDS = st.sampled_from(["good", "good", "good", "again", "blank", "serial", "total", "header", "sample", *DIRTY])


@contextmanager
def new_place(like=None):
    with tempfile.TemporaryDirectory() as folder:
        yield build.place(Path(folder), like=like)


def ledger(kinds):
    """Rows of these kinds, and the truth about them: (clean, rejected codes, duplicate, non-data)."""
    rows, good, codes, truth = [], [], [], Counter()
    for number, kind in enumerate(kinds, 1):
        if kind in DIRTY:
            rows.append(pairing(number, **DIRTY[kind][0]))
            codes.append(DIRTY[kind][1])
        elif kind == "good" or (kind == "again" and not good):
            rows.append(pairing(number))
            good.append(rows[-1])
            truth["clean"] += 1
        elif kind == "again":
            rows.append(good[0])
            truth["duplicate"] += 1
        else:
            same = {
                "blank": BLANK,
                "serial": (str(number), *BLANK[1:]),
                "total": ("合计", "9", *BLANK[2:]),
                "header": HEADER,
            }
            rows.append(same.get(kind) or ("例", *pairing(number)[1:]))
            truth["non_data"] += 1
    return rows, (truth["clean"], sorted(codes), truth["duplicate"], truth["non_data"] + 1)


@FEW
@given(kinds=st.lists(KINDS, min_size=1, max_size=25), as_workbook=st.booleans(), separator=st.sampled_from(",;\t"))
def test_the_balance_holds_and_the_counts_are_the_generators(kinds, as_workbook, separator):
    rows, (clean, codes, duplicate, non_data) = ledger(kinds)
    blank = sum(row == BLANK for row in rows) if as_workbook else 0  # a workbook's empty row is no record
    with new_place() as place:
        file = xlsx(HEADER, *rows) if as_workbook else csv(HEADER, *rows).replace(",", separator)
        place.drop(file, name="a.xlsx" if as_workbook else "a.csv")
        (attempt,) = place.night()
        out = (attempt.clean_records, attempt.rejected_records, attempt.duplicate_records, attempt.non_data_records)
        assert (attempt.state, *out) == ("clean", clean, len(codes), duplicate, non_data - blank)
        assert attempt.records_in == len(rows) + 1 - blank == sum(out)
        assert place.codes("rejects") == codes
        assert place.rows("clean").height == clean
        assert [proof.holds for proof in reprove(place.home, place.keyring)] == [True]


def test_the_generator_makes_every_kind():
    """Negative control: a truth that is off by one is seen."""
    _, truth = ledger(["good", "again", "blank", "total", *DIRTY])
    assert truth == (1, sorted(code for _, code in DIRTY.values()), 1, 3)


def entry(number):
    return (f"L{number:04}", "2024-04-01", "走访", str(number % 7), "李四", "13800001234")


POINTS = ("流水号", "积分日期", "积分项目", "积分", "志愿者姓名", "手机号")


def points_of(place, *nights):
    """Run nights over files of entries and return the clean rows without their lineage."""
    for night, files in enumerate(nights):
        for number, entries in enumerate(files):
            place.drop(csv(POINTS, *map(entry, entries)), name=f"{night}-{number}.csv", dataset="points")
        place.night(ARRIVED + timedelta(days=night))
    return place.content("points")


@FEWER
@given(
    numbers=st.lists(st.integers(0, 500), min_size=2, max_size=20, unique=True),
    order=st.randoms(use_true_random=False),
    cut=st.integers(1, 19),
)
def test_order_repetition_and_splitting_change_nothing(numbers, order, cut):
    cut = min(cut, len(numbers) - 1)
    halves = [numbers[:cut], numbers[cut:]]
    shuffled = order.sample(halves, 2)
    with new_place() as whole:
        expected = points_of(whole, [numbers])
        for nights in ([halves], [[shuffled[0]], [shuffled[1]]], [shuffled, halves]):
            with new_place(like=whole.home.root) as other:
                assert points_of(other, *nights) == expected
    assert len(expected) == len(numbers)


def test_the_comparison_can_fail():
    """Negative controls: another row, and other keys, are not the same rows."""
    with new_place() as one, new_place(like=one.home.root) as other, new_place() as foreign:
        expected = points_of(one, [[1, 2]])
        assert points_of(other, [[1, 3]]) != expected
        assert points_of(foreign, [[1, 2]]) != expected


@FEWER
@given(kinds=st.lists(KINDS, min_size=1, max_size=10))
def test_a_rerun_gives_nothing_new_and_the_same_bytes(kinds):
    rows, _ = ledger(kinds)
    with new_place() as place:
        place.drop(csv(HEADER, *rows))
        place.night()
        before = {path: path.read_bytes() for path in place.home.root.rglob("*.parquet")}
        place.home.ledger.unlink()
        for rest in place.home.root.glob("ledger.sqlite-*"):
            rest.unlink()
        for path in (path for path in before if path.stem != "_empty"):
            path.unlink()
        assert place.night() != []
        assert place.night() == []
        assert {path: path.read_bytes() for path in place.home.root.rglob("*.parquet")} == before


NAME, PHONE = "欧阳植入", "13977665544"
ID = "99900120150601012" + check_character("99900120150601012")
ADULT = "99900119800101011" + check_character("99900119800101011")
OLD = "999001800101013"
PLANTED = (NAME, PHONE, ID, ADULT, OLD, "又名植入")
WIDE = ("儿童姓名", "儿童身份证号", "阳光妈妈姓名", "阳光妈妈身份证号", "联系电话", "结对时间", "乡镇", "备注")


def spellings(text):
    yield from (text.encode(), text.encode("gb18030"), text.encode("utf-16-le"), json.dumps(text)[1:-1].encode())


def texts_of(home):
    """Every text in every Parquet and SQLite value below ``home``, landing left out."""
    for path in home.root.rglob("*.parquet"):
        frame = pl.read_parquet(path)
        for name in frame.columns:
            yield from (str(value) for value in frame[name].unique().to_list())
    db = sqlite3.connect(home.ledger)
    for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
        yield from map(str, itertools.chain.from_iterable(db.execute(f"select * from {table}")))
    db.close()


def leaked(home):
    """The planted identities that are found anywhere outside landing and the inbox."""
    landing = (home.landing, home.inbox)
    files = [path for path in home.root.rglob("*") if path.is_file() and not any(map(path.is_relative_to, landing))]
    raw = b"\0".join(path.read_bytes() for path in files)
    said = "\0".join(texts_of(home))
    return sorted(one for one in PLANTED if one in said or any(form in raw for form in spellings(one)))


def planted(**other):
    cells = {
        "child": NAME, "id": ID, "name": "又名植入", "adult": ADULT, "phone": PHONE, "day": "2024-04-01",
        "town": "西湖镇", "note": f"{NAME}{PHONE}",
    }  # fmt: skip
    return tuple((cells | other).values())


@pytest.fixture
def full(tmp_path):
    place = build.place(tmp_path)
    odd = [
        planted(day=NAME),
        planted(adult=PHONE),
        planted(id=f"{NAME}{ID}"),
        planted(adult=OLD, day="2024-04-02"),
        planted(town=f"西湖镇联系人{PHONE}", day="2024-04-03"),
        planted(town=f"见{ID}", day="2024-04-04"),
        planted(name=f"{NAME}、又名植入"),
        (*planted(), "多出一列"),
    ]
    title = (f"填报单位：某妇联 填表人：{NAME}", *[""] * 7)
    footer = (f"填表人：{NAME}", PHONE, *[""] * 6)
    rows = [title, WIDE, planted(), planted(day="2024-04-05"), *odd, footer]
    place.drop(csv(*rows), name=f"{NAME}.csv")
    place.drop(csv(*rows, ("再一行",)).encode("gb18030"), name="b.csv", sender="xb")
    place.drop(xlsx(*[row[:8] for row in rows]), name=f"{PHONE}.xlsx", sender="xc")
    place.drop(csv((NAME, PHONE), (ID, NAME)), name="d.csv", sender="xd")
    assert sorted(one.state for one in place.night()) == ["clean", "clean", "clean", "refused"]
    assert place.rows("clean").height >= 3
    return place


def test_no_planted_identity_leaves_landing(full):
    assert leaked(full.home) == []


@pytest.mark.parametrize("one", PLANTED)
def test_a_leak_is_found(full, one):
    """Negative control: an identity planted into clean is seen, though Parquet packs it."""
    path = max((full.home.clean / "pairings").glob("*.parquet"), key=lambda path: path.stat().st_size)
    pl.read_parquet(path).with_columns(pl.lit(one).alias("township")).write_parquet(path, compression="zstd")
    assert leaked(full.home) == [one]


@pytest.mark.parametrize("form", list(spellings(NAME)))
def test_a_leak_into_any_other_file_is_found(full, form):
    (full.home.build / "night.log").write_bytes(b"x" + form + b"x")
    assert leaked(full.home) == [NAME]
