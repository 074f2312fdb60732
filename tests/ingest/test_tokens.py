"""Tokens: equal to an independent computation, apart by domain and kind, letters only, and quick."""

import hashlib
import re
import subprocess
import traceback

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.keys import Keyring, Secret
from ingest.tokens import TokenMaker

KEY = bytes(range(32))
TO_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def maker(key: bytes = KEY) -> TokenMaker:
    return TokenMaker(Keyring(landing=Secret(b"l" * 32), tokens=Secret(key), is_demo=False))


def one(value: str, domain: str = "adults", kind: str = "id_no", key: bytes = KEY) -> str:
    return maker(key).tokens(pl.Series([value]), domain, kind).item()


def hmac_by_hand(key: bytes, message: bytes) -> bytes:
    """RFC 2104 written out, so that no code is shared with what is tested."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()


def domain_key(key: bytes, domain: str) -> bytes:
    """HKDF of RFC 5869 for 32 bytes: extract with an empty salt, expand once."""
    extracted = hmac_by_hand(bytes(32), key)
    return hmac_by_hand(extracted, b"jinguo token v1|" + domain.encode() + b"\x01")


@pytest.mark.parametrize("value", ["99900119900307123X", "张三|13800000000", "a"])
@pytest.mark.parametrize("domain", ["adults", "children"])
def test_equals_an_independent_computation(value, domain):
    digest = hmac_by_hand(domain_key(KEY, domain), f"v1|id_no|{value}".encode())
    assert one(value, domain) == digest.hex()[:32].translate(TO_LETTERS)


def test_equals_openssl():
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{domain_key(KEY, 'adults').hex()}"]
    try:
        said = subprocess.run(command, input="v1|id_no|甲".encode(), capture_output=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip("no openssl on this machine")
    assert one("甲") == said.decode().split()[-1][:32].translate(TO_LETTERS)


def test_domains_kinds_and_keys_cannot_be_joined():
    made = [one("x"), one("x", domain="children"), one("x", kind="number"), one("x", key=b"k" * 32), one("y")]
    assert len(set(made)) == 5


def test_a_token_is_not_an_unkeyed_hash():
    unkeyed = {
        hashlib.new(name, text).hexdigest()[:32] for name in ("sha256", "md5", "sha1") for text in (b"x", b"v1|id_no|x")
    }
    assert one("x") not in {digest.translate(TO_LETTERS) for digest in unkeyed} | unkeyed


def test_null_and_empty_have_no_token_and_places_are_kept():
    series = pl.Series("id", ["b", None, "", "a", "b"])
    made = maker().tokens(series, "adults", "number")
    assert made.to_list() == [one("b", kind="number"), None, None, one("a", kind="number"), one("b", kind="number")]
    assert made.dtype == pl.String
    for empty in (pl.Series([], dtype=pl.String), pl.Series([None, ""], dtype=pl.String)):
        assert maker().tokens(empty, "adults", "number").null_count() == len(empty)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=30))
def test_letters_a_to_p_only_and_equal_exactly_where_values_are(values):
    made = maker().tokens(pl.Series(values, dtype=pl.String), "children", "contact").to_list()
    assert [token is None for token in made] == [not value for value in values]
    assert all(re.fullmatch("[a-p]{32}", token) for token in made if token)
    assert len({token for token in made if token}) == len({value for value in values if value})


def test_no_token_looks_like_a_phone_or_an_identity_number_while_hex_does():
    made = maker().tokens(pl.Series([str(number) for number in range(100_000)]), "adults", "phone")
    looks = r"1[3-9]\d{9}|\d{17}[\dXx]|\d{15}|\d{6}"
    assert not made.str.contains(looks).any()
    as_hex = pl.Series([token.translate(str.maketrans("abcdefghijklmnop", "0123456789abcdef")) for token in made])
    assert as_hex.str.contains(looks).any()


def test_a_kind_cannot_slip_into_the_value():
    with pytest.raises(ValueError, match="kind"):
        maker().tokens(pl.Series(["c"]), "adults", "a|b")


def test_neither_exceptions_with_their_locals_nor_reprs_show_a_key():
    made = maker()
    with pytest.raises(TypeError) as failed:
        made.tokens(pl.Series([["a list"]]), "adults", "number")
    frames = traceback.TracebackException.from_exception(failed.value, capture_locals=True).stack
    shown = f"{[frame.locals for frame in frames]} {made!r} {vars(made)} {failed.value!r}"
    assert "<secret" in shown
    for key in (KEY, domain_key(KEY, "adults")):
        assert key.hex() not in shown
        assert repr(key)[2:20] not in shown
