"""What a file is, told by its first bytes; a name is only a claim."""

import re
from typing import Literal

from ingest.reasons import Refused

FileKind = Literal["csv", "json", "xlsx", "xls"]
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (b"%PDF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"BZh", b"\xfd7zXZ")
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<head", b"<?xml", b"<meta", b"<style", b"mime-version:")
_SPACE = b"\r\n\t "
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# A list of a ledger's own may begin with a bracket too: [附件1] is a title.
_JSON = re.compile(r"\ufeff?[\r\n\t ]*(?:\{|\[[\r\n\t ]*[\[{\]])")


def _ole_name(name: str) -> bytes:
    """A stream's name as it stands in an OLE directory, terminator included."""
    return (name + "\0").encode("utf-16-le")


def _ole_kind(data: bytes, suffix: str) -> FileKind:
    # The header says at byte 48 in which sector of 512 bytes the names of the streams begin ([MS-CFB] 2.2).
    if len(data) < 512 or (int.from_bytes(data[48:52], "little") + 1) * 512 >= len(data):
        raise Refused("workbook_damaged", detail="cut before its directory")
    if _ole_name("EncryptedPackage") in data:
        raise Refused("workbook_encrypted")
    if _ole_name("Workbook") in data or _ole_name("Book") in data:
        return "xls"
    raise Refused("file_kind_unknown", detail=f"OLE without a Workbook stream, named {suffix}")


def kind_of(data: bytes, suffix: str) -> FileKind:
    """Tell the kind of a whole file ``data``; ``suffix`` only goes into the engineers' message.

    Raises Refused with empty_file, file_kind_unknown or workbook_encrypted.
    """
    if not (data[:1024].strip(_SPACE) or data.strip(_SPACE)) or data in (b"\xef\xbb\xbf", *_UTF16):
        raise Refused("empty_file")
    if data.startswith(ZIP):
        if b"[Content_Types].xml" not in data or b"xl/" not in data:
            raise Refused("file_kind_unknown", detail=f"zip without a workbook, named {suffix}")
        return "xlsx"
    if data.startswith(OLE):
        return _ole_kind(data, suffix)
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if data.startswith(_OTHERS) or head.startswith(_MARKUP):
        raise Refused("file_kind_unknown", detail=f"markup or another format, named {suffix}")
    text = data[:1024].decode("utf-16" if data.startswith(_UTF16) else "utf-8", errors="ignore")
    return "json" if _JSON.match(text) else "csv"
