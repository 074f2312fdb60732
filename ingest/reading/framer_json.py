"""Counts the records of a JSON page without parsing it: strings blanked out, brackets followed."""

import re

import numpy as np

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_WHITE = b" \t\r\n"
_OPEN, _CLOSE = (b"[{", b"]}")


def count_json(data: bytes) -> int:
    """Count the records of a document that is well formed: the keys, which are as a header line, and the elements of
    the shallowest list whose first element is an object; none where there is no such list.

    Trail bytes of GB18030 can be brackets, so what is not UTF-8 is decoded first.
    """
    bare = _STRING.sub(b"0", _as_utf8(data)).translate(None, _WHITE)
    octets = np.frombuffer(bare, np.uint8)
    steps = np.zeros(256, np.int8)
    steps[list(_OPEN)], steps[list(_CLOSE)] = 1, -1
    depths = np.cumsum(steps[octets], dtype=np.int32)
    before_object = np.flatnonzero((octets[:-1] == ord("[")) & (octets[1:] == ord("{")))
    if not len(before_object):
        return 1
    start = int(before_object[np.argmin(depths[before_object])])
    outside = np.flatnonzero(depths[start:] < depths[start])
    end = start + int(outside[0]) if len(outside) else len(octets)
    inside = slice(start + 1, end)
    return 1 + int(np.count_nonzero((octets[inside] == ord("{")) & (depths[inside] == depths[start] + 1)))


def _as_utf8(data: bytes) -> bytes:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").encode()
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace").encode()
    return data
