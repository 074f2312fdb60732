"""Alerts: each thing rings once until it changes, is heard in the end, costs no night, and names nobody."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from peers import mailbox, robot
from rung_homes import AT, configure, deliver, log_of, pulled

from ingest.home import Home
from ingest.ledger import Ledger
from orchestration import last_night
from orchestration.alerts.alert import UNREGISTERED, Alert, standing
from orchestration.alerts.bell import STATE, note_failed, ring, unheard
from orchestration.alerts.channels import MOST_BYTES, SETTINGS, Settings, Webhook, read_settings
from orchestration.problems import Problem

# What a county could have written where nobody expected it: the name of a folder, of a file, a reason.
PLANTED = ("欧阳慕雪", "ouyangmuxue", "999001201203040017", "13900000017")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home without deliveries."""
    made = Home(tmp_path / "home")
    made.prepare()
    with Ledger(made):
        pass
    return made


def test_an_alert_has_no_room_for_a_word_of_a_person() -> None:
    for word in PLANTED:
        told = Alert("delivery_refused", word, word, "empty_file").line
        assert word not in told and UNREGISTERED in told
        with pytest.raises(ValueError, match="made of codes") as raised:
            Alert("run_failed", code=word + "！")
        assert word not in str(raised.value)
    with pytest.raises(ValueError, match="made of codes"):
        Alert("somebody_said")  # type: ignore[arg-type]


def test_without_settings_it_is_in_the_log_alone_and_once(home: Home) -> None:
    deliver(home, "donggang", "refused", "column_missing")
    assert ring(home, AT) == ring(home, AT) == 0
    assert log_of(home).count("delivery_refused|donggang|pairings|column_missing 1") == 1


def test_each_thing_rings_once_until_it_changes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with robot() as heard:
        configure(home, monkeypatch, heard.url)
        deliver(home, "donggang", "refused", "column_missing")
        deliver(home, "lanshan", "held", "empty_file")
        ring(home, AT)
        ring(home, AT)
        assert len(heard.texts) == 1
        assert "报送被拒收】donggang 结对台账：缺少必填列，1批" in heard.texts[0]
        assert "报送待核】lanshan" in heard.texts[0]
        deliver(home, "donggang", "refused", "column_missing", number=2)
        ring(home, AT)
        ring(home, AT)
        assert len(heard.texts) == 2 and "2批" in heard.texts[1] and "lanshan" not in heard.texts[1]


def test_a_pull_that_failed_and_works_again_is_told_both_times(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with robot() as heard:
        configure(home, monkeypatch, heard.url)
        for state, code in (("failed", "host_key_changed"), ("failed", "host_key_changed"), ("ok", None), ("ok", None)):
            pulled(home, "donggang", state, code)
            ring(home, AT)
        assert ["拉取失败】donggang" in text for text in heard.texts] == [True, False]
        assert "拉取已恢复】donggang" in heard.texts[1]
        pulled(home, "donggang", "failed", "host_key_changed")
        ring(home, AT)
        assert len(heard.texts) == 3


def test_what_is_not_heard_is_told_again_and_shown(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with robot() as heard:
        configure(home, monkeypatch, heard.url)
        heard.answers = [(500, b"down"), (200, b'{"errcode": 93000, "errmsg": "invalid"}'), (302, b""), (200, b"[1]")]
        deliver(home, "donggang", "refused", "column_missing")
        assert [ring(home, AT) for _ in range(5)] == [1, 1, 1, 1, 0]
        assert [len(heard.bodies), len(unheard(home))] == [5, 0]
    assert log_of(home).count("not sent by webhook 1: webhook_") == 4
    configure(home, monkeypatch, "http://127.0.0.1:9/nobody")
    deliver(home, "lanshan", "refused", "column_missing")
    assert ring(home, AT) == 1
    assert [one.sender for one in unheard(home)] == ["lanshan"]
    assert "127.0.0.1" not in log_of(home), "an address can hold the key of a robot"


def test_a_signed_robot_gets_time_and_sign(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with robot() as heard:
        configure(home, monkeypatch, heard.url, secret="SEC-of-the-group")
        deliver(home, "donggang", "refused", "column_missing")
        ring(home, AT)
        asked = {name: values[0] for name, values in heard.queries[0].items()}
    assert asked["key"] == "abc" and asked["timestamp"] == str(int(AT.timestamp() * 1000))
    said = hmac.new(b"SEC-of-the-group", f"{asked['timestamp']}\nSEC-of-the-group".encode(), hashlib.sha256)
    assert base64.b64decode(asked["sign"]) == said.digest()


def test_mail_goes_only_through_tls_that_is_trusted(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "open-sesame")
    deliver(home, "donggang", "refused", "column_missing")
    with mailbox(tmp_path, "open-sesame") as box:
        stated = f"""[[mail]]
host = "127.0.0.1"
port = {box.port}
user = "jinguo"
password = "env:MAIL_PASSWORD"
sender = "jinguo@example.invalid"
to = ["duty@example.invalid"]
"""
        (home.root / SETTINGS).write_text(stated, "utf-8")
        assert ring(home, AT) == 1 and box.mails == [], "nobody vouches for this certificate"
        (home.root / SETTINGS).write_text(stated + f'ca = "{box.ca}"\n', "utf-8")
        assert ring(home, AT) == 0
        assert "报送被拒收】donggang 结对台账" in box.texts[0]
        assert not any(b"AUTH" in line or b"DATA" in line for line in box.plain)
        monkeypatch.setenv("MAIL_PASSWORD", "wrong")
        deliver(home, "lanshan", "refused", "column_missing")
        assert ring(home, AT) == 1
    assert "mail_refused" in log_of(home) and "mail_unreachable" in log_of(home)


def test_nothing_personal_is_in_any_body_or_in_what_is_kept(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for number, word in enumerate(PLANTED[1:]):
        deliver(home, word, "refused", "column_missing", number)
        pulled(home, word, "failed", "query_failed")
    note_failed(home, "dbt_failed")
    with robot() as heard, mailbox(tmp_path) as box:
        mail = f'[[mail]]\nhost = "127.0.0.1"\nport = {box.port}\nsender = "a@b.c"\nto = ["d@e.f"]\nca = "{box.ca}"\n'
        configure(home, monkeypatch, heard.url, more=mail)
        assert ring(home, AT) == 0
        said = [*heard.texts, *box.texts, log_of(home), (home.root / STATE).read_text("utf-8")]
    assert len(said) == 4 and all(UNREGISTERED in text for text in said)
    assert [word for word in PLANTED for text in said if word in text] == []
    assert all(text.count("3批") == 1 for text in said[:2]), "three folders that nobody registered are one line"


def test_a_failed_night_rings_once_and_so_does_the_next_after_a_good_one(home: Home) -> None:
    def rung() -> int:
        ring(home, AT)
        return log_of(home).count("run_failed|||dbt_failed 1")

    note_failed(home, "dbt_failed")
    assert (rung(), rung()) == (1, 1)
    last_night.write(home, "failed", code="dbt_failed")
    assert rung() == 1
    last_night.write(home, "done", release="r")
    assert rung() == 1
    note_failed(home, "dbt_failed")
    assert rung() == 2


@pytest.mark.parametrize(("hour", "ended", "expected"), [(5, -20, []), (7, -20, ["night_late"]), (7, -4, [])])
def test_a_night_is_late_by_its_hour(home: Home, hour: int, ended: int, expected: list[str]) -> None:
    now = dt.datetime(2024, 3, 5, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    last_night.write(home, "done", ended_well_at=(now + dt.timedelta(hours=ended)).isoformat())
    assert [one.kind for one in standing(home, now, dt.time(6), dt.timedelta(hours=36))] == expected


def test_a_release_that_no_night_proved_for_long_is_stale(home: Home) -> None:
    last_night.write(home, "done", ended_well_at=(AT - dt.timedelta(hours=37)).isoformat())
    assert "release_stale" in [one.kind for one in standing(home, AT, dt.time(23, 59), dt.timedelta(hours=36))]


def test_what_dagster_calls_late_stays_until_dagster_says_otherwise(home: Home) -> None:
    late = [Alert("dataset_late", dataset="pairings")]
    ring(home, AT, late)
    ring(home, AT)
    ring(home, AT, late)
    assert log_of(home).count("dataset_late||pairings|") == 1
    ring(home, AT, [])
    ring(home, AT, late)
    assert log_of(home).count("dataset_late||pairings|") == 2


def test_ringing_never_raises(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(home, "donggang", "refused", "column_missing")
    ring(home, AT)
    (home.root / STATE).write_text("{torn", "utf-8")
    assert ring(home, AT) == 0
    (home.root / SETTINGS).write_text('[[webhook]]\nurl = "https://secret.example/key"\n', "utf-8")
    assert ring(home, AT) == 0
    with pytest.raises(Problem) as raised:
        read_settings(home)
    assert "webhook.0.url" in raised.value.what and "secret" not in raised.value.what
    monkeypatch.delenv("ALERT_URL", raising=False)
    (home.root / SETTINGS).write_text('[[webhook]]\nurl = "env:ALERT_URL"\n', "utf-8")
    assert ring(home, AT) == 1
    assert "secret_missing" in log_of(home)


def test_a_long_list_fits_into_one_text() -> None:
    with robot() as heard, pytest.MonkeyPatch.context() as patched:
        patched.setenv("ALERT_URL", heard.url)
        lines = [
            Alert("delivery_refused", "donggang", "pairings", "column_missing", number).line for number in range(99)
        ]
        Webhook(url="env:ALERT_URL").send(lines, AT)
    assert len(heard.texts[0].encode()) <= MOST_BYTES and "另有" in heard.texts[0]
    assert Settings().channels == {} and json.loads(heard.bodies[0])["msgtype"] == "text"
