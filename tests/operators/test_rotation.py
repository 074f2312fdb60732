"""A key can be changed with a kill at any moment: every object stays readable, and the next rotation ends it."""

import itertools
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from ingest import durable
from ingest.home import Home
from ingest.keys import OLD_LANDING, Keyring, create_keys
from ingest.landing import Landing, LandingDamaged
from ingest.rekey import check, rotate_landing, rotate_tokens
from tests.orchestration.small_home import run_here

CONTENTS = [b"", b"one", b"two" * 700_000, *(f"object {n}".encode() for n in range(5))]


def landed(root: Path, contents: list[bytes] = CONTENTS) -> tuple[Home, list[str]]:
    """A home whose landing holds ``contents``; return it and their hashes."""
    home = Home(root)
    home.prepare()
    create_keys(home, demo=True)
    return home, Landing(home, Keyring.open(home)).put_many(contents)


def read_all(home: Home, shas: list[str]) -> list[bytes]:
    """Every object, with the keys as they lie now."""
    landing = Landing(home, Keyring.open(home))
    return [landing.get(sha) for sha in shas]


def killed_at(home: Home, nth: int) -> bool:
    """Rotate in a child that dies at its ``nth`` fsync; return whether it died."""
    child = os.fork()
    if child == 0:
        count, sync = itertools.count(1), os.fsync

        def dying(descriptor: int) -> None:
            if next(count) == nth:
                os._exit(9)
            sync(descriptor)

        durable.os.fsync = dying  # ty: ignore[invalid-assignment]
        rotate_landing(home)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_a_kill_at_any_fsync_loses_nothing(tmp_path: Path) -> None:
    home, shas = landed(tmp_path / "home")
    first, kills = Keyring.open(home).landing.key_id, 0
    for nth in itertools.count(1):
        before = Keyring.open(home).landing.key_id
        died = killed_at(home, nth)
        assert read_all(home, shas) == CONTENTS, f"after a kill at fsync {nth}"
        if not died:
            break
        kills += 1
        done = rotate_landing(home)
        assert done.retired is not None
        assert not (home.keys / OLD_LANDING).exists()
        assert read_all(home, shas) == CONTENTS
        assert Keyring.open(home).landing.key_id != before
        assert not list(home.objects.glob("*/.*"))
    assert kills > 2 * len(set(shas))
    found = check(home, Keyring.open(home))
    assert found.by_key == Counter({Keyring.open(home).landing.key_id: len(set(shas))})
    assert f"landing.key.retired-{first}" in found.retired


def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    contents = [f"content {n}".encode() * 50 for n in range(60)]
    home, shas = landed(tmp_path / "home", contents)
    dice, kills = random.Random(7), 0
    for _ in range(12):
        child = os.fork()
        if child == 0:
            rotate_landing(home)
            os._exit(0)
        time.sleep(dice.uniform(0.001, 0.06))
        os.kill(child, signal.SIGKILL)
        kills += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert read_all(home, shas) == contents
    assert kills, "not one was killed"
    rotate_landing(home)
    assert read_all(home, shas) == contents
    assert (home.objects / shas[0][:2] / shas[0]).stat().st_mode & 0o777 == 0o400


def test_what_is_landed_meanwhile_is_sealed_with_the_new_key(tmp_path: Path) -> None:
    home, shas = landed(tmp_path / "home")
    assert killed_at(home, 6)
    keyring = Keyring.open(home)
    assert keyring.old_landing is not None
    [late] = Landing(home, keyring).put_many([b"late"])
    assert Landing(home, keyring).key_id_of(late) == keyring.landing.key_id
    done = rotate_landing(home)
    assert done.before > 0
    assert read_all(home, [*shas, late]) == [*CONTENTS, b"late"]


def test_a_damaged_object_keeps_the_old_key(tmp_path: Path) -> None:
    home, shas = landed(tmp_path / "home")
    broken = Landing(home, Keyring.open(home)).path(shas[1])
    sealed = broken.read_bytes()
    broken.chmod(0o600)
    broken.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    ran = run_here(home.root, "keys", "rotate", "landing")
    assert ran.returncode == 1
    assert "landing_damaged" in ran.stderr
    assert (home.keys / OLD_LANDING).exists()
    told = run_here(home.root, "keys", "check")
    assert told.returncode == 1
    assert shas[1] in told.stdout
    broken.write_bytes(sealed)
    assert run_here(home.root, "keys", "rotate", "landing").returncode == 0
    assert read_all(home, shas) == CONTENTS
    assert run_here(home.root, "keys", "check").returncode == 0


def test_the_retired_key_opens_nothing_and_is_told_of(tmp_path: Path) -> None:
    home, shas = landed(tmp_path / "home")
    ran = run_here(home.root, "keys", "rotate", "landing")
    assert ran.returncode == 0, ran.stderr
    [retired] = home.keys.glob("landing.key.retired-*")
    assert f"shred -u {retired}" in ran.stdout
    (home.keys / "landing.key").write_bytes(retired.read_bytes())
    with pytest.raises(LandingDamaged, match="other_key"):
        read_all(home, shas)


def test_another_token_key_belongs_to_the_rules(tmp_path: Path) -> None:
    from ingest.versions import rules_version

    home, shas = landed(tmp_path / "home")
    before = Keyring.open(home).tokens.key_id
    kept = rotate_tokens(home)
    after = Keyring.open(home).tokens.key_id
    assert kept.name == f"tokens.key.retired-{before}"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert rules_version(before) != rules_version(after), "so that the next night cleans everything again"
    assert read_all(home, shas) == CONTENTS
