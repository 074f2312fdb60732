"""Pages of an interface as they are received: an envelope of JSON around a list of records."""

import json
from collections.abc import Iterable
from typing import Any

from samples.sheets import NON_DATA, Row
from samples.truth import Truth, truth_of_records


def page_bytes(envelope: Any) -> bytes:
    """The page as the server sends it: UTF-8 on one line, keys in the order given."""
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


def truth_of_page(items: Iterable[Row]) -> Truth:
    """Count a page: every element of its list, each as a row of one cell, and once the keys, which are no data."""
    return truth_of_records([Row(["keys"], NON_DATA), *items])
