"""Landing: the delivered bytes, for ever unchanged, each object sealed by itself under the hash of its content.

Object: ``JGL1`` | key id (8 letters) | salt (32 bytes) | chunks. Every chunk is 1 MiB of content (the last one less or
equal) sealed with AES-256-GCM, 16 bytes longer. Its nonce is the chunk's number and whether it is the last (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015), so that cutting, swapping or repeating chunks is
noticed; the header is authenticated with every chunk. The key is derived from the landing key, the salt and the hash.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.durable import add_durably, write_durably
from ingest.home import Home
from ingest.keys import Keyring, Secret

CHUNK = 1 << 20
_MAGIC = b"JGL1"
_KEY_ID, _SALT, _TAG = 8, 32, 16
_HEADER = len(_MAGIC) + _KEY_ID + _SALT


class LandingDamaged(Exception):
    """An object cannot be given back as it was delivered. ``what`` says why; the message holds no content."""

    def __init__(self, sha: str, what: Literal["missing", "changed", "other_key"], detail: str = "") -> None:
        self.sha, self.what = sha, what
        super().__init__(f"landing object {sha}: {what}{': ' + detail if detail else ''}; restore it from the backup")


class Landing:
    """The store of delivered bytes of one home (``Home.prepare`` has run)."""

    def __init__(self, home: Home, keyring: Keyring) -> None:
        self._objects, self._staging, self._secret = home.objects, home.staging, keyring.landing
        self._opening = {one.key_id: one for one in (keyring.old_landing, keyring.landing) if one}

    def put(self, data: bytes) -> str:
        """Keep ``data`` unless it is kept already; return the SHA-256 of the plaintext in hex."""
        return self.put_many([data])[0]

    def put_many(self, contents: Iterable[bytes]) -> list[str]:
        """Keep every content, durable when this returns; return their SHA-256 in order. Cheaper than one by one."""
        shas: list[str] = []

        def files() -> Iterator[tuple[Path, partial[bytes]]]:
            for data in contents:
                shas.append(hashlib.sha256(data).hexdigest())
                yield self.path(shas[-1]), partial(self._sealed, data, shas[-1])

        add_durably(files(), staging=self._staging, mode=0o400)
        return shas

    def get(self, sha: str) -> bytes:
        """Return the bytes that were put; raises ``LandingDamaged`` if missing, changed or sealed otherwise."""
        try:
            sealed = self.path(sha).read_bytes()
        except FileNotFoundError:
            raise LandingDamaged(sha, "missing") from None
        data = self._opened(sealed, sha)
        if hashlib.sha256(data).hexdigest() != sha:
            raise LandingDamaged(sha, "changed")
        return data

    def seal_again(self, sha: str) -> bool:
        """Seal an object with today's key if another sealed it, durable on return; return whether that was so.

        Opened and hashed before, opened again after: what replaces the old object is known to give the same bytes.
        Raises ``LandingDamaged``, changing nothing.
        """
        if self.key_id_of(sha) == self._secret.key_id:
            return False
        data = self.get(sha)
        sealed = self._sealed(data, sha)
        if self._opened(sealed, sha) != data:
            raise LandingDamaged(sha, "changed", "while it was sealed anew")
        write_durably(self.path(sha), sealed, mode=0o400)
        return True

    def key_id_of(self, sha: str) -> str:
        """Return the id of the key that an object says it is sealed with."""
        with self.path(sha).open("rb") as file:
            return file.read(_HEADER)[len(_MAGIC) :][:_KEY_ID].decode("ascii", "replace")

    def path(self, sha: str) -> Path:
        """Where the object of that hash lies."""
        return self._objects.joinpath(sha[:2], sha)

    def _sealed(self, data: bytes, sha: str) -> bytes:
        header = _MAGIC + self._secret.key_id.encode() + secrets.token_bytes(_SALT)
        cipher, last = _cipher(self._secret, header, sha), max(len(data) - 1, 0) // CHUNK
        view = memoryview(data)
        chunks = (
            cipher.encrypt(_nonce(number, number == last), view[number * CHUNK : (number + 1) * CHUNK], header)
            for number in range(last + 1)
        )
        return b"".join((header, *chunks))

    def _opened(self, sealed: bytes, sha: str) -> bytes:
        header, body = sealed[:_HEADER], memoryview(sealed)[_HEADER:]
        if len(header) < _HEADER or not header.startswith(_MAGIC):
            raise LandingDamaged(sha, "changed")
        key_id = header[len(_MAGIC) :][:_KEY_ID].decode("ascii", "replace")
        secret = self._opening.get(key_id)
        if secret is None:
            raise LandingDamaged(sha, "other_key", f"sealed with {key_id}, ours is {self._secret.key_id}")
        cipher, step = _cipher(secret, header, sha), CHUNK + _TAG
        last = max(len(body) - 1, 0) // step
        try:
            return b"".join(
                cipher.decrypt(_nonce(number, number == last), body[number * step : (number + 1) * step], header)
                for number in range(last + 1)
            )
        except InvalidTag:
            raise LandingDamaged(sha, "changed") from None


def _cipher(secret: Secret, header: bytes, sha: str) -> AESGCM:
    return AESGCM(secret.derive(b"jinguo landing v1|" + sha.encode(), salt=header[-_SALT:]))


def _nonce(number: int, is_last: bool) -> bytes:
    # no random part: the key is used for this one object only, its salt being random
    return bytes(7) + number.to_bytes(4) + bytes([is_last])
