"""The receiver as a server: what is signed and new is in the inbox, whole, once confirmed; all else is nowhere."""

import hashlib
import socket
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from event_homes import ledger, new_home
from receiving import NAME, OTHER, SECRET, Serving, served, settings_of

from orchestration.problems import OPERATOR_LOG, Problem
from orchestration.receiver.announced import announced
from orchestration.receiver.server import LOG


def test_an_upload_is_in_the_inbox_when_it_is_confirmed(serving: Serving) -> None:
    body = ledger(3)
    answer = serving.post(body, serving.headers(body))
    assert (answer.status_code, answer.json()) == (
        202,
        {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)},
    )
    (path,) = serving.files
    assert path.parent == serving.home.inbox / "donggang/care_activities"
    assert path.read_bytes() == body and path.name.endswith(NAME)
    again = serving.post(body, serving.headers(body))
    assert again.status_code == 202 and len(serving.files) == 1, "the same bytes are the same file"
    other = ledger(4)
    assert serving.post(other, serving.headers(other, kind="correction")).status_code == 202
    assert (serving.home.inbox / "donggang/care_activities/correction").is_dir()


def test_an_announcement_calls_whoever_watches(serving: Serving) -> None:
    assert serving.post(b"", serving.headers(b"", dataset="", file_name="")).json() == {"announced": True}
    assert dict(announced(serving.home)).keys() == {"donggang"} and serving.files == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": OTHER},
        {"sender": "nobody"},
        {"sender": "lanshan"},
        {"timestamp": str(int(time.time()) - 400)},
        {"timestamp": str(int(time.time()) + 4000)},
        {"timestamp": "²"},
        {"timestamp": ""},
        {"nonce": "short"},
        {"forged_dataset": "pairings"},
        {"forged_kind": "withdrawal"},
        {"forged_file_name": "x.csv"},
        {"forged_nonce": uuid.uuid4().hex},
        {"forged_content_sha256": "0" * 64},
        {"forged_signature": ""},
        {"content_sha256": "nothing"},
    ],
)
def test_whoever_cannot_prove_who_he_is_learns_nothing(serving: Serving, wrong: dict[str, str]) -> None:
    body, said = ledger(3), {**wrong}
    headers = serving.headers(body, said.pop("sender", "donggang"), said.pop("secret", SECRET), **said)
    answer = serving.post(body, {name: value.encode() for name, value in headers.items()})  # type: ignore[misc]
    assert (answer.status_code, answer.content) == (401, b'{"error":"unauthorized"}')
    assert serving.files == []


def test_without_any_header_and_other_methods(serving: Serving) -> None:
    with httpx.Client(trust_env=False) as client:
        assert client.post(f"{serving.url}/deliveries", content=b"x").status_code == 401
        assert client.get(f"{serving.url}/deliveries").status_code == 405
        assert client.post(f"{serving.url}/anything", content=b"x").status_code == 404


def test_a_request_is_taken_once_also_after_a_restart(serving: Serving) -> None:
    body = ledger(3)
    headers = serving.headers(body)
    assert serving.post(body, headers).status_code == 202
    assert serving.post(body, headers).status_code == 409
    with served(serving.home, settings_of(serving.home)) as restarted:
        assert restarted.post(body, headers).status_code == 409


def test_of_two_at_the_same_time_one_is_taken(serving: Serving) -> None:
    for _ in range(5):
        body = ledger(3)
        headers = serving.headers(body)
        with ThreadPoolExecutor(4) as four:
            codes = sorted(
                one.status_code for one in four.map(lambda _, h=headers, b=body: serving.post(b, h), range(4))
            )
        assert codes == [202, 409, 409, 409]


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        ({"dataset": "../../keys"}, 422, "dataset_unknown"),
        ({"dataset": ""}, 422, "dataset_unknown"),
        ({"kind": "snapshot"}, 422, "kind_unknown"),
        ({"kind": "../../../x"}, 422, "kind_unknown"),
        ({"file_name": "%ff%fe"}, 422, "file_name_unreadable"),
    ],
)
def test_what_is_none_of_ours_is_refused_by_name(
    serving: Serving, said: dict[str, str], status: int, error: str
) -> None:
    answer = serving.post(b"a,b\n", serving.headers(b"a,b\n", **said))
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert serving.files == []


def test_a_sender_sends_what_it_may(serving: Serving) -> None:
    headers = serving.headers(b"x", "lanshan", OTHER)
    assert serving.post(b"x", headers).json() == {"error": "dataset_not_permitted"}
    assert serving.post(b"x", serving.headers(b"x", "lanshan", OTHER, dataset="pairings")).status_code == 202


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/passwd",
        "..%2F..%2Fkeys%2Flanding.key",
        "/etc/cron.d/x",
        "a%5C..%5Cb",
        ".hidden",
        "%00",
        "a.part",
    ],
)
def test_a_name_is_never_a_path(serving: Serving, name: str) -> None:
    body = ledger(3)
    assert serving.post(body, serving.headers(body, file_name=name)).status_code == 202
    (path,) = serving.files
    assert path.parent == serving.home.inbox / "donggang/care_activities"
    assert path.name.startswith(hashlib.sha256(body).hexdigest()[:16]) and not path.name.endswith(".part")


def test_too_much_too_slow_and_cut_leave_nothing(serving: Serving) -> None:
    large = b"x" * 200_000
    assert serving.post(large, serving.headers(large)).status_code == 413

    def parts(pause: float = 0.0) -> Iterator[bytes]:
        for start in range(0, len(large), 20_000):
            time.sleep(pause)
            yield large[start : start + 20_000]

    assert serving.post(parts(), serving.headers(large)).status_code == 413, "a body without a length is counted too"
    small = b"x" * 90_000
    slow = (small[start : start + 10_000] for start in range(0, len(small), 10_000) if time.sleep(0.4) is None)
    assert serving.post(slow, serving.headers(small)).status_code == 408
    assert serving.post(b"y" * 90_000, serving.headers(small)).json() == {"error": "body_is_not_what_was_signed"}
    host, port = serving.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as cut:
        head = "".join(f"{name}: {value}\r\n" for name, value in serving.headers(small).items())
        cut.sendall(
            f"POST /deliveries HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n{head}\r\n".encode() + b"x" * 100
        )
    time.sleep(0.5)
    assert serving.files == []


def test_a_minute_has_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECEIVER_DONGGANG", SECRET)
    home = new_home(tmp_path / "home")
    stated = 'a_minute = 3\n[senders.donggang]\nsecret = "env:RECEIVER_DONGGANG"\n'
    with served(home, settings_of(home, stated)) as serving:
        codes = [serving.post(b"", serving.headers(b"", dataset="")).status_code for _ in range(5)]
        assert codes == [202, 202, 202, 429, 429]


def test_a_full_disk_is_said_and_leaves_nothing(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("orchestration.receiver.upload.os.fsync", full)
        body = ledger(3)
        assert serving.post(body, serving.headers(body)).json() == {"error": "not_stored"}
    assert serving.files == []


def test_nothing_of_a_request_is_in_any_log(serving: Serving) -> None:
    body = ledger(3)
    serving.post(body, serving.headers(body))
    serving.post(body, serving.headers(body, kind=NAME.encode().hex()))
    serving.post(body, serving.headers(body, secret=OTHER))
    said = (serving.home.root / LOG).read_text("utf-8")
    assert "taken donggang" in said and "unauthorized" in said
    log = serving.home.root / OPERATOR_LOG
    said += log.read_text("utf-8") if log.exists() else ""
    assert [word for word in ("欧阳", "台账", NAME.encode().hex(), "卜玥煜", SECRET) if word in said] == []


@pytest.mark.parametrize(
    "stated",
    [
        '[senders.donggang]\nsecret = "in the clear"\n',
        '[senders.donggang]\nsecret = "env:RECEIVER_NOBODY"\n',
        '[senders.donggang]\nsecret = "env:RECEIVER_SHORT"\n',
        '[senders."../x"]\nsecret = "env:RECEIVER_DONGGANG"\n',
        "[senders",
        "unknown = 1\n",
    ],
)
def test_half_open_it_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    monkeypatch.setenv("RECEIVER_DONGGANG", SECRET)
    monkeypatch.setenv("RECEIVER_SHORT", "hunter2")
    with pytest.raises(Problem) as raised:
        settings_of(new_home(tmp_path / "home"), stated)
    assert not any(word in raised.value.what for word in ("clear", "hunter2", "../x/"))
