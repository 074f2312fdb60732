"""What stands above the header: the date up to which a ledger speaks, its year, its unit, and labelled values."""

import calendar
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.labels import bare_label, unit_line

_UP_TO = re.compile(r"截[至止]日?期?[:：]?\s*(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})")
_STATED = re.compile(r"(?:填报|报送|上报|制表|统计)(?:时间|日期)[:：]?\s*(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})")
_MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*年")
_BARE_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_PAIR = re.compile(r"([^\s:]+)\s*:\s*(.*?)(?=\s+[^\s:]+\s*:|$)", re.S)

Row = Sequence[str | None]


@dataclass(frozen=True)
class TitleBlock:
    """The rows above the header. ``as_of_on`` is None where they state no date; ``year`` completes ``4月13日``."""

    as_of_on: date | None
    year: int | None
    unit: str
    rows: tuple[tuple[str | None, ...], ...]

    def value_of(self, wanted: str) -> str | None:
        """Return the value beside (or after the colon of) the cell labelled ``wanted``."""
        for row in self.rows:
            for index, cell in enumerate(row):
                text = unicodedata.normalize("NFKC", cell or "")
                pairs = _PAIR.findall(text) or [(text, "")]
                for head, value in pairs:
                    if text and bare_label(head) == bare_label(wanted):
                        return value.strip() or next((other for other in row[index + 1 :] if other), None)
        return None


def _day(found: re.Match[str] | None) -> date | None:
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def read_title_block(rows: Sequence[Row]) -> TitleBlock:
    """Read the rows above a header."""
    text = "\n".join(unicodedata.normalize("NFKC", cell) for row in rows for cell in row if cell)
    as_of = _day(_UP_TO.search(text)) or _day(_STATED.search(text))
    month = _MONTH.search(text)
    if as_of is None and month and 1 <= int(month.group(2)) <= 12:
        year, number = int(month.group(1)), int(month.group(2))
        as_of = date(year, number, calendar.monthrange(year, number)[1])
    found_year = _YEAR.search(text) or _BARE_YEAR.search(text)
    year = int(found_year.group(1)) if found_year else None
    return TitleBlock(as_of, year, unit_line(text), tuple(tuple(row) for row in rows))
