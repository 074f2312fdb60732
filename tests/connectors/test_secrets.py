"""Secrets are named, never written; a file that others can read is no secret."""

import os
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from ingest.connectors.protocol import PullFailed
from ingest.connectors.secrets import NotConnected, Reference, address, revealed

REFERENCE: TypeAdapter[str] = TypeAdapter(Reference)


def kept(path: Path, content: bytes = b"hush\n", mode: int = 0o600) -> str:
    path.write_bytes(content)
    path.chmod(mode)
    return f"file:{path}"


@pytest.mark.parametrize("text", ["hunter2", "env:lower", "env:", "file:relative", "vault:x", " env:A", "env:A\n", ""])
def test_a_secret_that_is_written_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="named, not written"):
        REFERENCE.validate_python(text)


def test_references_lead_to_the_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("A_SECRET", "hush")
    assert revealed(REFERENCE.validate_python("env:A_SECRET")) == "hush"
    assert revealed(REFERENCE.validate_python(kept(tmp_path / "s"))) == "hush"
    assert revealed(kept(tmp_path / "read_only", mode=0o400)) == "hush"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610])
def test_a_file_that_others_may_touch_is_unsafe(mode: int, tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match="secret_unsafe"):
        revealed(kept(tmp_path / "s", mode=mode))


def test_a_file_of_another_user_is_unsafe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = kept(tmp_path / "s")
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(PullFailed, match="secret_unsafe"):
        revealed(reference)


def test_what_is_no_secret_file_ends_the_pull_and_shows_nothing(tmp_path: Path) -> None:
    kept(tmp_path / "s")
    (tmp_path / "link").symlink_to(tmp_path / "s")
    os.mkfifo(tmp_path / "fifo", 0o600)
    for name, code in (("link", "secret_missing"), ("none", "secret_missing"), ("fifo", "secret_unsafe")):
        with pytest.raises(PullFailed, match=code):
            revealed(f"file:{tmp_path / name}")
    tmp_path.chmod(0o700)
    with pytest.raises(PullFailed, match="secret_unsafe"):
        revealed(f"file:{tmp_path}")
    for content, code in (
        (b"\xff\xfehush", "secret_unsafe"),
        (b"x" * 70_000, "secret_unsafe"),
        (b" \n", "secret_missing"),
    ):
        with pytest.raises(PullFailed, match=code) as failed:
            revealed(kept(tmp_path / "odd", content))
        assert "hush" not in repr(failed.value) and failed.value.__cause__ is None


def test_nothing_is_kept_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        for path in (tmp_path, tmp_path / "none"):
            with pytest.raises(PullFailed):
                revealed(f"file:{path}")
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_an_unset_variable_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_SECRET", raising=False)
    with pytest.raises(PullFailed, match="secret_missing"):
        revealed("env:A_SECRET")


def test_an_address_is_stated_or_referred_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address("https://county.example") == "https://county.example"
    monkeypatch.setenv("AN_ADDRESS", "https://county.example")
    assert address("env:AN_ADDRESS") == "https://county.example"
    monkeypatch.setenv("AN_ADDRESS", "")
    with pytest.raises(NotConnected):
        address("env:AN_ADDRESS")
