"""What is known beforehand about every delivery: how many records, and what must become of each."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from samples.sheets import CLEAN, DUPLICATE, NON_DATA, Row, Sheet

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Truth:
    """The true answer for one file; counts are 0 and ``records_in`` is None where the file cannot be read.

    ``rejected`` has the refused records under ``records`` and the wrong cells by reason code: a planted row has one.
    ``members`` has the truth of every file inside a bundle.
    """

    records_in: int | None = 0
    clean: int = 0
    rejected: dict[str, int] = field(default_factory=lambda: {"records": 0})
    duplicate: int = 0
    non_data: int = 0
    state: str = "clean"
    reason_code: str | None = None
    members: dict[str, "Truth"] = field(default_factory=dict)


def truth_of_records(rows: Iterable[Row]) -> Truth:
    """Count a CSV: every record, blank ones, title and header too."""
    return _counted(Counter(row.verdict if row.cells else NON_DATA for row in rows))


def truth_of_sheets(sheets: Iterable[Sheet]) -> Truth:
    """Count a workbook: every row with a value on every sheet; on a hidden sheet nothing is data."""
    tally: Counter[str] = Counter()
    for sheet in sheets:
        for row in sheet.rows:
            if any(cell not in (None, "") for cell in row.cells):
                tally[NON_DATA if sheet.hidden else row.verdict] += 1
    return _counted(tally)


def _counted(tally: Counter[str]) -> Truth:
    reasons = {code: n for code, n in sorted(tally.items()) if code not in (CLEAN, DUPLICATE, NON_DATA)}
    rejected = {"records": sum(reasons.values()), **reasons}
    return Truth(tally.total(), tally[CLEAN], rejected, tally[DUPLICATE], tally[NON_DATA])


def joined(members: dict[str, Truth]) -> Truth:
    """The truth of a bundle: the sum of its members."""
    whole = Truth(members=members)
    for part in members.values():
        whole.records_in = (whole.records_in or 0) + (part.records_in or 0)
        whole.clean, whole.duplicate = whole.clean + part.clean, whole.duplicate + part.duplicate
        whole.non_data += part.non_data
        whole.rejected = dict(Counter(whole.rejected) + Counter(part.rejected)) or whole.rejected
    whole.rejected.setdefault("records", 0)
    return whole


def refused(code: str, like: Truth | None = None) -> Truth:
    """The truth of a file that is refused whole: all its records are rejected, where ``like`` can count them."""
    records = like.records_in if like else None
    return Truth(records, rejected={"records": records or 0}, state="refused", reason_code=code)


@dataclass
class Outbox:
    """Everything that is sent, in the order of writing; ``flush`` puts it on disk in the order of arrival.

    Nothing arrives after ``closes`` (the world's last day): what would be later comes on that day.
    """

    closes: datetime = NEVER
    content: dict[str, bytes] = field(default_factory=dict)
    truth: dict[str, Truth] = field(default_factory=dict)
    arrivals: list[tuple[datetime, str]] = field(default_factory=list)

    def put(self, path: str, content: bytes, received_at: datetime, truth: Truth) -> str:
        """Send a file; raises ValueError when another file of that name was sent."""
        if path in self.content:
            raise ValueError(f"two files at {path}")
        self.content[path], self.truth[path] = content, truth
        self.arrivals.append((min(received_at, self.closes), path))
        return path

    def again(self, path: str, received_at: datetime) -> None:
        """Send the same bytes once more."""
        self.arrivals.append((min(received_at, self.closes), path))

    def flush(self, out: Path, people: Any = None) -> None:
        """Write the files, ``history.jsonl``, ``truth.json`` and, given ``people``, ``planted.json``."""
        for path, content in self.content.items():
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        lines = [{"path": p, "received_at": at.isoformat()} for at, p in sorted(self.arrivals)]
        (out / "history.jsonl").write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), "utf-8")
        _dump(out / "truth.json", {path: asdict(truth) for path, truth in sorted(self.truth.items())})
        if people is not None:
            planted = {"names": people.names, "id_numbers": people.id_numbers, "phones": people.phones}
            _dump(out / "planted.json", {kind: sorted(set(values)) for kind, values in planted.items()})


def _dump(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def arrived(day: Any, hour: int = 2, minute: int = 10) -> datetime:
    """The moment of arrival, UTC, on a day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
