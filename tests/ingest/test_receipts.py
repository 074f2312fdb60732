"""Receipts: a delivery is what its receipts say together, in whatever order they are read."""

import hashlib
import stat
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.home import Home
from ingest.receipts import Delivery, Receipt, ReceiptDamaged, delivery_id_of, merged, read_receipts, write_receipts

SHA = hashlib.sha256(b"content").hexdigest()
NOON = datetime(2024, 4, 13, 4, 0, tzinfo=UTC)


def receipt(**facts) -> Receipt:
    said = {
        "sender": "county",
        "dataset": "pairings",
        "kind": "snapshot",
        "file_name": "王小二结对表.xlsx",
        "sha256": SHA,
        "byte_size": 7,
        "received_at": NOON,
    } | facts
    identity = delivery_id_of(said["sender"], said["dataset"], said["kind"], said["sha256"])
    return Receipt.model_validate({"delivery_id": identity} | said)


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    return home


def test_identity_follows_from_sender_dataset_kind_and_content_alone():
    expected = hashlib.sha256(f"county|pairings|snapshot|{SHA}".encode()).hexdigest()[:16]
    assert receipt().delivery_id == expected.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    assert receipt(file_name="x.csv", received_at=NOON + timedelta(days=9)).delivery_id == receipt().delivery_id
    others = [receipt(sender="other"), receipt(dataset="points"), receipt(kind="correction"), receipt(sha256="0" * 64)]
    assert len({one.delivery_id for one in (receipt(), *others)}) == 5


def test_a_receipt_with_another_identity_or_a_time_without_offset_is_refused_without_showing_the_name():
    for wrong in (
        {"delivery_id": "a" * 16},
        {"received_at": NOON.replace(tzinfo=None)},
        {"byte_size": -1},
        {"member": ["王小二"]},
    ):
        with pytest.raises(ValidationError) as refused:
            receipt(**wrong)
        assert "王小二" not in str(refused.value)


def test_a_receipt_is_frozen_and_its_repr_hides_file_names():
    one = receipt(member="李四.csv")
    assert "王小二" not in f"{one!r}{one}"
    assert "李四" not in f"{one!r}{one}"
    with pytest.raises(ValidationError):
        one.sender = "other"


def test_written_and_read_back_under_the_day_in_utc(home):
    late = receipt(
        received_at=datetime(2024, 4, 14, 1, 30, tzinfo=timezone(timedelta(hours=8))), as_of_on=date(2024, 3, 31)
    )
    assert write_receipts(home, [late]) == 1
    (path,) = home.receipts.glob("*/*.json")
    assert path.parent.name == "2024-04-13"
    assert path.name.startswith(late.delivery_id + "-")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(read_receipts(home)) == [late]
    assert next(read_receipts(home)).received_at.utcoffset() == timedelta(0)


def test_the_same_receipt_is_written_once_and_another_arrival_beside_it(home):
    assert write_receipts(home, [receipt(), receipt()]) == 1
    assert write_receipts(home, [receipt(), receipt(received_at=NOON + timedelta(seconds=1))]) == 1
    assert len(list(read_receipts(home))) == 2


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:40], lambda text: text.replace("pairings", "points"), lambda _: ""]
)
def test_a_damaged_receipt_is_named_by_day_and_delivery_but_its_content_is_not_shown(home, spoil):
    write_receipts(home, [receipt()])
    (path,) = home.receipts.glob("*/*.json")
    path.write_text(spoil(path.read_text()))
    with pytest.raises(ReceiptDamaged, match=f"2024-04-13/{receipt().delivery_id}") as damaged:
        list(read_receipts(home))
    assert "王小二" not in str(damaged.value)


arrivals = st.lists(
    st.builds(
        lambda minutes, content, name, bundle, number, day: receipt(
            received_at=NOON + timedelta(minutes=minutes),
            sha256=hashlib.sha256(bytes([content])).hexdigest(),
            file_name=name,
            bundle_sha=hashlib.sha256(bytes([bundle])).hexdigest() if bundle else None,
            sequence=number,
            as_of_on=date(2024, 4, day) if day else None,
        ),
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(["a.csv", "b.csv"]),
        st.integers(0, 2),
        st.integers(0, 1),
        st.integers(0, 2),
    ),
    max_size=12,
)


@given(arrivals, st.randoms())
def test_the_merged_view_is_a_function_of_the_set_and_the_earliest_counts(found, random):
    shuffled = found + found[:3]
    random.shuffle(shuffled)
    views = merged(map(Delivery.of, shuffled))
    assert views == merged(map(Delivery.of, found))
    assert views == merged(
        (*merged(map(Delivery.of, found[:5])).values(), *merged(map(Delivery.of, found[5:])).values())
    )
    for identity, view in views.items():
        assert view.received_at == min(one.received_at for one in found if one.delivery_id == identity)


def test_a_delivery_holds_no_file_name():
    assert "王小二" not in repr(Delivery.of(receipt(member="王小二.csv")))
