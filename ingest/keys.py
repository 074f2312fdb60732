"""The two secrets of an installation: one seals landing, one makes tokens. Without them nothing starts."""

import hmac
import os
import re
import secrets
import shlex
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ingest.durable import make_directory, write_durably
from ingest.home import Home

KEY_FILES = ("landing.key", "tokens.key")
# The landing key of before, for as long as a rotation has not come to its end (``ingest.rekey``).
OLD_LANDING = "landing.key.old"
DEMO_MARKER = "DEMO"
_HEX_KEY = re.compile(rb"[0-9a-f]{64}\n?")
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class KeysUnusable(Exception):
    """The keys are absent, not ours, readable by others, or malformed. The message says what to type."""


def letters(digest: bytes) -> str:
    """Write ``digest`` in the letters a-p, one a nibble: 1M hex tokens hold 8,294 phone-shaped strings, these none."""
    return digest.hex().translate(_LETTERS)


class Secret:
    """32 bytes that derive other keys and never show themselves: masked when printed, refused when pickled."""

    __slots__ = ("_key", "key_id")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.key_id = letters(hmac.digest(key, b"key id", "sha256")[:4])

    def derive(self, info: bytes, salt: bytes | None = None) -> bytes:
        """Return the 32-byte key for the purpose ``info`` (HKDF-SHA256, RFC 5869)."""
        return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(self._key)

    def derived(self, info: bytes) -> "Secret":
        """Return the key for the purpose ``info`` as a secret of its own, so that no traceback's locals show it."""
        return Secret(self.derive(info))

    def mac(self, message: bytes) -> bytes:
        """Return HMAC-SHA256 of ``message`` under this key (RFC 2104), 32 bytes."""
        return hmac.digest(self._key, message, "sha256")

    def __repr__(self) -> str:
        return f"<secret {self.key_id}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is never pickled or copied")


@dataclass(frozen=True)
class Keyring:
    """Both secrets of one home; ``is_demo`` when they were made for the demo and protect nobody.

    ``old_landing`` opens what a rotation has not sealed anew yet; nothing is sealed with it.
    """

    landing: Secret
    tokens: Secret
    is_demo: bool
    old_landing: Secret | None = None

    @classmethod
    def open(cls, home: Home) -> "Keyring":
        """Read the keys of ``home``; raises ``KeysUnusable`` unless folder and files are this user's alone."""
        _checked_directory(home)
        landing, tokens = (Secret(_key_of(home, name)) for name in KEY_FILES)
        old = Secret(_key_of(home, OLD_LANDING)) if (home.keys / OLD_LANDING).exists() else None
        return cls(landing, tokens, (home.keys / DEMO_MARKER).exists(), old)


def create_keys(home: Home, *, demo: bool) -> None:
    """Create the keys that are missing; an existing key is never overwritten. ``demo`` marks them as made for a demo.

    Raises ``KeysUnusable`` where a key is missing although landing already holds sealed objects: a new key would
    open none of them, so the old one has to come back from the backup.
    """
    missing = [name for name in KEY_FILES if not (home.keys / name).exists()]
    if not missing:
        return
    if _has_objects(home):
        raise KeysUnusable(_lost(home, missing[0]))
    make_directory(home.keys, 0o700)
    if demo:  # before the keys: no crash may leave demo keys that look like real ones
        write_durably(home.keys / DEMO_MARKER, b"made for the demo; protects nobody\n")
    for name in missing:
        write_durably(home.keys / name, secrets.token_hex(32).encode() + b"\n")


def _checked_directory(home: Home) -> None:
    try:
        found = os.lstat(home.keys)
    except FileNotFoundError:
        raise KeysUnusable(_absent(home, home.keys)) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise KeysUnusable(_unsafe(home, home.keys))


def _key_of(home: Home, name: str) -> bytes:
    path = home.keys / name
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeysUnusable(_lost(home, name) if _has_objects(home) else _absent(home, path)) from None
    except OSError:
        raise KeysUnusable(_unsafe(home, path)) from None
    with os.fdopen(fd, "rb") as file:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise KeysUnusable(_unsafe(home, path))
        key = _parsed(file.read(66))
    if key is None:
        raise KeysUnusable(
            f"密钥文件内容不对，请从备份恢复：{path}\nNot 64 hexadecimal letters, restore it from the backup: {path}"
        )
    return key


def _parsed(content: bytes) -> bytes | None:
    # apart from the caller, so that no traceback that shows local variables can show the content
    return bytes.fromhex(content.decode()) if _HEX_KEY.fullmatch(content) else None


def _has_objects(home: Home) -> bool:
    return home.objects.is_dir() and any(home.objects.iterdir())


def _absent(home: Home, path: Path) -> str:
    lines = [
        "umask 077",
        f"mkdir -p {shlex.quote(str(home.keys))}",
        f"cd {shlex.quote(str(home.keys))}",
        *(f"test -e {name} || openssl rand -hex 32 > {name}" for name in KEY_FILES),
    ]
    return (
        f"缺少密钥，不能启动：{path}\n请由运行本程序的用户执行下面几行，并把密钥另行备份：\n"
        f"A key is missing, refusing to start. Run these lines as the user that runs jinguo, then back the keys up:\n"
        + "\n".join(f"    {line}" for line in lines)
    )


def _lost(home: Home, name: str) -> str:
    path = home.keys / name
    return (
        f"密钥丢失，而已有加密的报送文件，新密钥打不开它们。请从备份恢复：{path}\n"
        f"This key is lost, but landing holds objects sealed with it; a new key opens none. Restore it: {path}"
    )


def _unsafe(home: Home, path: Path) -> str:
    quoted = shlex.quote(str(home.keys))
    lines = (
        f'chown -R "$(id -un)" {quoted}',
        f"chmod 700 {quoted}",
        f"chmod 600 {quoted}/landing.key {quoted}/tokens.key",
    )
    return (
        f"密钥不是本用户独有（属主不对、他人可读，或是链接），不能启动：{path}\n"
        f"如确认密钥没有被别人看过，请执行下面几行；否则请先更换密钥：\n"
        f"Not this user's alone (owner, mode, or a link), refusing to start. If nobody has read it, run:\n"
        + "\n".join(f"    {line}" for line in lines)
    )
