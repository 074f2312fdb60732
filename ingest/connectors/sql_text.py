"""What a database is asked, and what its rows become: every value as the server's own text, landed as CSV."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

Row = tuple[str | None, ...]
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?![^ T])")
_LONG_AGO = "1000-01-01"  # the earliest day that every server takes; 0000-00-00 sorts before it


@dataclass(frozen=True)
class Dialect:
    """How a server quotes a name and casts a value to text; ``bit`` is the cast of a column of type bit."""

    quote: str
    text: str
    bit: str = ""

    def name(self, *parts: str) -> str:
        """Return a name, quoted; a quote inside it is doubled."""
        return ".".join(f"{self.quote}{part.replace(self.quote, self.quote * 2)}{self.quote}" for part in parts)


@dataclass(frozen=True)
class Source:
    """What one dataset is read from: the rows of ``relation``, a quoted table or a query in brackets."""

    relation: str
    order_by: tuple[str, ...]
    dialect: Dialect

    def nothing(self) -> str:
        """A statement that gives the columns and no row."""
        return f"select * from {self.relation} q where 1 = 0"

    def rows(self, columns: Mapping[str, bool], cursor: str | None, since: str | None) -> str:
        """A statement that gives ``columns`` (name: whether it is of type bit) as text, and the cursor's text last.

        ``since`` is a day ``YYYY-MM-DD``. Rows whose cursor says nothing (null, a zero date) are always among them:
        no bound would ever reach them.
        """
        given = [*columns, *([cursor] if cursor else [])]
        cast = [(self.dialect.bit if columns.get(name) else self.dialect.text).format(self._of(name)) for name in given]
        named = [f"{text} as {self.dialect.name(f'c{place}')}" for place, text in enumerate(cast)]
        where = ""
        if cursor and since:
            at = self._of(cursor)
            where = f" where ({at} >= '{since}' or {at} is null or {at} < '{_LONG_AGO}')"
        order = ", ".join(map(self._of, dict.fromkeys([*([cursor] if cursor else []), *self.order_by])))
        return f"select {', '.join(named)} from {self.relation} q{where} order by {order}"

    def _of(self, column: str) -> str:
        return f"q.{self.dialect.name(column)}"


def since_day(cursor: str | None, overlap_days: int) -> str | None:
    """Return the day from which rows are asked for, ``overlap_days`` before ``cursor``; None: from the first row."""
    day = _day(cursor)
    if day is None or day.toordinal() - overlap_days < date.fromisoformat(_LONG_AGO).toordinal():
        return None
    return (day - timedelta(days=overlap_days)).isoformat()


def later(cursor: str | None, texts: Iterable[str | None]) -> str | None:
    """Return the latest day of ``cursor`` and the texts of a cursor's column, at most today: one row of the year 2099
    must not hide everything that comes before it. Texts that say no day are passed over: such rows always come."""
    days = [day for text in {cursor, *texts} if (day := _day(text))]
    return min(max(days), datetime.now(UTC).date()).isoformat() if days else None


def _day(text: str | None) -> date | None:
    found = _DAY.match(text or "")
    try:
        return date.fromisoformat(found[1]) if found and found[1] >= _LONG_AGO else None
    except ValueError:
        return None


class _Lines:
    """Takes what a csv writer writes, a row at a time."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def write(self, text: str) -> None:
        # the writer quotes what contains a sign of its own line end: with \r\n both of them, which then becomes \n
        self.taken.append(text.removesuffix("\r\n") + "\n")


def as_csv(rows: Iterable[Sequence[str | None]]) -> bytes:
    """Return rows as CSV: UTF-8, ``\\n``, quoted where needed. Null and the empty text are both empty."""
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)
    return "".join(lines.taken).encode("utf-8")


def in_batches(batches: Iterable[Sequence[Row]], size: int) -> Iterator[list[Row]]:
    """Regroup rows into lists of ``size`` rows; the last one is shorter, and there is none where there are no rows."""
    held: list[Row] = []
    for batch in batches:
        held.extend(batch)
        while len(held) >= size:
            yield held[:size]
            held = held[size:]
    if held:
        yield held
