"""Pseudonyms: from a normalised identifier to a token in letters a-p, with a key of its own for every domain."""

import polars as pl

from ingest.keys import Keyring, Secret, letters

TOKEN_BYTES = 16
_MESSAGE = "v1|{kind}|"


class TokenMaker:
    """Makes tokens with the keyring's token key. Equal values give equal tokens within one domain and kind only."""

    def __init__(self, keyring: Keyring) -> None:
        self._secret = keyring.tokens
        self.key_id = keyring.tokens.key_id

    def tokens(self, series: pl.Series, domain: str, kind: str) -> pl.Series:
        """Return the tokens of ``series`` (String, normalised by the caller): 32 letters, null where null or empty.

        ``domain`` (``adults``, ``children``) chooses the key, so that domains cannot be joined; ``kind`` (``id_no``,
        ``number``, ``contact``) says what the value is, so that a number never equals an identity number. The token is
        the first 128 bits of HMAC-SHA256 over ``v1|<kind>|<value>``. Raises ``ValueError`` for a ``kind`` with ``|``.
        """
        if "|" in kind:
            raise ValueError("a token's kind must not contain '|'")
        distinct = series.drop_nulls().unique()
        if distinct.is_empty():
            return pl.Series(series.name, [None] * len(series), dtype=pl.String)
        # stdlib hmac over distinct values: no third-party native code near the key
        made = pl.Series(series.name, self._made(distinct.to_list(), domain, kind), dtype=pl.String)
        return made.gather(series.cast(pl.Enum(distinct)).to_physical())

    def _made(self, values: list[str], domain: str, kind: str) -> list[str | None]:
        key, prefix = self._secret.derived(b"jinguo token v1|" + domain.encode()), _MESSAGE.format(kind=kind)
        return [_token(key, prefix + value) if value else None for value in values]


def _token(key: Secret, message: str) -> str:
    return letters(key.mac(message.encode())[:TOKEN_BYTES])
