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
_MONTH = re.compile(r"(?<!\d)(\d{4})\s*年\s*(1[0-2]|0?[1-9])\s*月(?!\s*\d)")
_SAYS_WHICH_MONTH = re.compile(
    r"[(\[]?(?:截[至止](?:时间|日期)?|(?:填报|报送|上报|制表|统计|报告|所属)(?:时间|日期|期)|.{0,4}月[份度]|(?:统计)?期间)"
)
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


def _label_of(before: str, other: str) -> str:
    """The label of what stands behind the words ``before``: theirs with a colon; where there are none, ``other``."""
    head, colon, _ = before.rpartition(":")
    if not colon:
        return "" if before else bare_label(other)
    return bare_label(head.split()[-1]) if head.strip() else ""


def _titled_month(rows: Sequence[Row]) -> date | None:
    """The last day of the month that a title names, or that a label calls the month of the ledger.

    A month with a day, or one behind another label (开班时间), is when something happened.
    """
    for row in rows:
        texts = [unicodedata.normalize("NFKC", cell).strip() for cell in row if cell]
        for other, text in zip(["", *texts[:-1]], texts, strict=True):
            for found in _MONTH.finditer(text):
                named = _label_of(text[: found.start()].rstrip(), other)
                if not named or _SAYS_WHICH_MONTH.fullmatch(named):
                    year, month = int(found[1]), int(found[2])
                    return date(year, month, calendar.monthrange(year, month)[1])
    return None


def read_title_block(rows: Sequence[Row]) -> TitleBlock:
    """Read the rows above a header: of its dates the day up to which it is stated to speak, else its title's month."""
    text = "\n".join(unicodedata.normalize("NFKC", cell) for row in rows for cell in row if cell)
    as_of = _day(_UP_TO.search(text)) or _day(_STATED.search(text)) or _titled_month(rows)
    found_year = _YEAR.search(text) or _BARE_YEAR.search(text)
    year = int(found_year.group(1)) if found_year else None
    return TitleBlock(as_of, year, unit_line(text), tuple(tuple(row) for row in rows))
