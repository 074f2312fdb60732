"""Keys: absent, foreign or readable by others means refusing to start; nothing ever shows them."""

import copy
import hashlib
import hmac
import os
import pickle
import stat
import subprocess
import traceback

import pytest

from ingest.home import Home
from ingest.keys import Keyring, KeysUnusable, Secret, create_keys, letters


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "它 home")
    home.prepare()
    return home


def test_created_keys_open_and_are_this_users_alone(home):
    create_keys(home, demo=False)
    keyring = Keyring.open(home)
    assert not keyring.is_demo
    assert keyring.landing.key_id != keyring.tokens.key_id
    for name in ("landing.key", "tokens.key"):
        assert stat.S_IMODE((home.keys / name).stat().st_mode) == 0o600
        assert len(bytes.fromhex((home.keys / name).read_text())) == 32


def test_creating_again_overwrites_nothing_and_completes_what_is_missing(home):
    create_keys(home, demo=True)
    landing = (home.keys / "landing.key").read_bytes()
    (home.keys / "tokens.key").unlink()
    create_keys(home, demo=True)
    create_keys(home, demo=False)
    assert (home.keys / "landing.key").read_bytes() == landing
    assert Keyring.open(home).is_demo


def test_the_key_id_is_eight_letters_of_a_keyed_hash(home):
    create_keys(home, demo=False)
    key = bytes.fromhex((home.keys / "tokens.key").read_text())
    expected = (
        hmac.new(key, b"key id", hashlib.sha256)
        .hexdigest()[:8]
        .translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    )
    assert Keyring.open(home).tokens.key_id == expected


def widen_file(home):
    (home.keys / "tokens.key").chmod(0o640)


def widen_folder(home):
    home.keys.chmod(0o750)


def link_file(home):
    (home.keys / "tokens.key").rename(home.keys / "real")
    (home.keys / "tokens.key").symlink_to(home.keys / "real")


def make_pipe(home):
    (home.keys / "tokens.key").unlink()
    os.mkfifo(home.keys / "tokens.key", 0o600)


def link_folder(home):
    home.keys.rename(home.root / "real")
    home.keys.symlink_to(home.root / "real")


@pytest.mark.parametrize("spoil", [widen_file, widen_folder, link_file, link_folder, make_pipe])
def test_keys_that_others_may_reach_are_refused_with_the_lines_that_mend_it(home, spoil):
    create_keys(home, demo=False)
    spoil(home)
    with pytest.raises(KeysUnusable, match="不能启动") as refused:
        Keyring.open(home)
    assert "chmod 600" in str(refused.value)
    assert "refusing to start" in str(refused.value)


def test_keys_of_another_user_are_refused(home, monkeypatch):
    create_keys(home, demo=False)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(KeysUnusable, match="owner"):
        Keyring.open(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_one_key_file_given_to_another_user_is_refused(home):
    create_keys(home, demo=False)
    os.chown(home.keys / "tokens.key", 12345, -1)
    with pytest.raises(KeysUnusable, match=r"tokens\.key"):
        Keyring.open(home)


@pytest.mark.parametrize(
    "content",
    [b"", b"00" * 31, b"00" * 33, b"zz" * 32, b"00" * 32 + b"\n\n", os.urandom(32)],
    ids=["empty", "short", "long", "no hexadecimal", "two line ends", "raw bytes"],
)
def test_malformed_keys_are_refused_without_showing_them(home, content):
    create_keys(home, demo=False)
    (home.keys / "landing.key").write_bytes(content)
    with pytest.raises(KeysUnusable, match="64") as refused:
        Keyring.open(home)
    frames = traceback.TracebackException.from_exception(refused.value, capture_locals=True).stack
    shown = " ".join(str(frame.locals) for frame in frames if "test_keys" not in frame.filename)
    assert "landing.key" in shown
    assert not content or repr(content)[2:40] not in shown


def test_the_message_for_absent_keys_holds_shell_lines_that_work(home):
    with pytest.raises(KeysUnusable, match="缺少密钥") as refused:
        Keyring.open(home)
    lines = [line for line in str(refused.value).splitlines() if line.startswith("    ")]
    subprocess.run(["sh", "-euc", "\n".join(lines)], check=True)
    assert Keyring.open(home).tokens.key_id
    before = (home.keys / "tokens.key").read_bytes()
    subprocess.run(["sh", "-euc", "\n".join(lines)], check=True)
    assert (home.keys / "tokens.key").read_bytes() == before


def test_the_lines_that_mend_rights_work(home):
    create_keys(home, demo=False)
    widen_file(home)
    widen_folder(home)
    with pytest.raises(KeysUnusable) as refused:
        Keyring.open(home)
    lines = [line for line in str(refused.value).splitlines() if line.startswith("    ")]
    subprocess.run(["sh", "-euc", "\n".join(lines)], check=True)
    assert Keyring.open(home).tokens.key_id


def test_no_new_key_where_objects_wait_for_the_old_one(home):
    create_keys(home, demo=False)
    (home.objects / "ab").mkdir()
    (home.keys / "tokens.key").unlink()
    with pytest.raises(KeysUnusable, match="备份"):
        create_keys(home, demo=False)
    with pytest.raises(KeysUnusable, match="lost"):
        Keyring.open(home)
    assert not (home.keys / "tokens.key").exists()


def test_nothing_shows_or_copies_a_key(home):
    create_keys(home, demo=False)
    keyring = Keyring.open(home)
    shown = f"{keyring!r} {keyring} {keyring.tokens!r} {keyring.tokens} {keyring.landing:}"
    for name in ("landing.key", "tokens.key"):
        text = (home.keys / name).read_text().strip()
        assert text not in shown
        assert repr(bytes.fromhex(text))[2:-1] not in shown
    for copying in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never"):
            copying(keyring.tokens)
    with pytest.raises(TypeError, match="never"):
        pickle.dumps(keyring)


def test_a_traceback_with_locals_does_not_show_a_key():
    secret = Secret(bytes(range(65, 97)))
    try:
        secret.derive("text is not bytes")  # ty: ignore[invalid-argument-type]
    except TypeError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "ABCDEFGH" not in shown


def test_derived_keys_differ_by_purpose_and_salt():
    secret = Secret(b"k" * 32)
    made = [secret.derive(b"a"), secret.derive(b"b"), secret.derive(b"a", b"salt"), Secret(b"l" * 32).derive(b"a")]
    assert len(set(made)) == 4
    assert secret.derive(b"a") == made[0]
    assert {len(key) for key in made} == {32}


def test_letters_are_one_a_nibble():
    assert letters(bytes([0x00, 0x9A, 0xFF])) == "aajkpp"
