"""Landing gives back exactly the bytes that were put, or says that it cannot; it never gives back other bytes."""

import hashlib
import os
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import landing as module
from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.landing import CHUNK, Landing, LandingDamaged

HEADER, TAG = 44, 16


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    create_keys(home, demo=False)
    return home


@pytest.fixture
def landing(home):
    return Landing(home, Keyring.open(home))


def overwrite(landing: Landing, sha: str, sealed: bytes) -> None:
    landing.path(sha).chmod(0o600)
    landing.path(sha).write_bytes(sealed)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_round_trip_at_the_edges_of_chunks(landing, size):
    data = os.urandom(size)
    sha = landing.put(data)
    assert sha == hashlib.sha256(data).hexdigest()
    assert landing.get(sha) == data


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), chunk=st.integers(1, 64))
def test_round_trip_of_any_bytes_and_chunk_size(landing, monkeypatch, data, chunk):
    monkeypatch.setattr(module, "CHUNK", chunk)
    sha = hashlib.sha256(data).hexdigest()
    assert landing._opened(landing._sealed(data, sha), sha) == data


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60), where=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_every_flipped_bit_is_noticed(landing, monkeypatch, data, where, bit):
    monkeypatch.setattr(module, "CHUNK", 16)
    sha = hashlib.sha256(data).hexdigest()
    sealed = bytearray(landing._sealed(data, sha))
    sealed[where % len(sealed)] ^= 1 << bit
    with pytest.raises(LandingDamaged):
        landing._opened(bytes(sealed), sha)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60), cut=st.integers(1, 10_000))
def test_every_truncation_is_noticed(landing, monkeypatch, data, cut):
    monkeypatch.setattr(module, "CHUNK", 16)
    sha = hashlib.sha256(data).hexdigest()
    sealed = landing._sealed(data, sha)
    with pytest.raises(LandingDamaged):
        landing._opened(sealed[: len(sealed) - 1 - cut % len(sealed)], sha)


def chunks_of(sealed: bytes) -> tuple[bytes, list[bytes]]:
    body = sealed[HEADER:]
    return sealed[:HEADER], [body[at : at + CHUNK + TAG] for at in range(0, len(body), CHUNK + TAG)]


def swapped(chunks):
    return [chunks[1], chunks[0], chunks[2]]


def cut_at_a_boundary(chunks):
    return chunks[:2]


def cut_to_nothing(_):
    return []


def repeated(chunks):
    return [chunks[0], *chunks]


def without_the_middle(chunks):
    return [chunks[0], chunks[2]]


@pytest.mark.parametrize("spoil", [swapped, cut_at_a_boundary, cut_to_nothing, repeated, without_the_middle])
def test_whole_chunks_moved_or_missing_are_noticed(landing, spoil):
    sha = landing.put(os.urandom(3 * CHUNK))
    header, chunks = chunks_of(landing.path(sha).read_bytes())
    spoiled = header + b"".join(spoil(chunks))
    with pytest.raises(LandingDamaged):
        landing._opened(spoiled, sha)  # the sealing itself notices, before the hash of the content is looked at
    overwrite(landing, sha, spoiled)
    with pytest.raises(LandingDamaged) as damaged:
        landing.get(sha)
    assert (damaged.value.what, damaged.value.sha) == ("changed", sha)
    overwrite(landing, sha, header + b"".join(chunks))
    assert len(landing.get(sha)) == 3 * CHUNK


def test_an_object_under_another_name_is_noticed(landing):
    first, second = landing.put(b"one"), landing.put(b"two")
    overwrite(landing, first, landing.path(second).read_bytes())
    with pytest.raises(LandingDamaged, match="changed"):
        landing.get(first)


def test_another_key_opens_nothing_and_the_message_names_both(landing, tmp_path):
    sha = landing.put(b"secret content")
    other = Home(tmp_path / "other")
    other.prepare()
    create_keys(other, demo=False)
    foreign = Landing(other, Keyring.open(other))
    sealed = landing.path(sha).read_bytes()
    with pytest.raises(LandingDamaged, match="other_key") as damaged:
        foreign._opened(sealed, sha)
    assert "secret" not in str(damaged.value)
    forged = sealed[:4] + foreign._secret.key_id.encode() + sealed[12:]
    with pytest.raises(LandingDamaged, match="changed"):
        foreign._opened(forged, sha)


def test_a_missing_object_is_named(landing):
    with pytest.raises(LandingDamaged) as damaged:
        landing.get("ab" * 32)
    assert damaged.value.what == "missing"


def test_objects_are_sealed_read_only_and_put_once(home, landing):
    data = "身份证号999001199003071234".encode() * 50
    sha = landing.put(data)
    path = home.objects / sha[:2] / sha
    before = path.stat()
    assert stat.S_IMODE(before.st_mode) == 0o400
    assert b"9990011990" not in path.read_bytes()
    assert landing.put(data) == sha
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_equal_content_in_two_homes_is_sealed_differently(landing, tmp_path, home):
    sha = hashlib.sha256(b"same").hexdigest()
    assert landing._sealed(b"same", sha) != landing._sealed(b"same", sha)


def test_many_at_once_keep_their_order(landing):
    contents = [b"a", b"b", b"a", b""]
    shas = landing.put_many(iter(contents))
    assert [landing.get(sha) for sha in shas] == contents
