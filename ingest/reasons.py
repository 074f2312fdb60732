"""The registry of reasons: every code that a finding or a refusal can have, and what the sender should do."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["reject", "explain", "warn", "fix"]


@dataclass(frozen=True)
class Reason:
    """One reason. ``severity`` is the class of the finding; ``zh`` and ``advice_zh`` are for
    county staff, ``en`` for engineers. ``whole_file`` means that the delivery is refused, not a record."""

    code: str
    severity: Severity
    zh: str
    en: str
    advice_zh: str
    whole_file: bool = False


class Refused(Exception):
    """A delivery that cannot be read at all. ``code`` is in the registry; the message never holds a cell's value.

    ``about`` is one of our own column names; ``records`` is how many the framer counted, where it came so far.
    """

    records = 0

    def __init__(
        self, code: str, *, sheet_no: int | None = None, row_no: int | None = None, detail: str = "", about: str = ""
    ) -> None:
        self.code, self.sheet_no, self.row_no = code, sheet_no, row_no
        self.detail, self.about = detail, about
        super().__init__(f"{code}{': ' + detail if detail else ''}")


def _registry() -> dict[str, Reason]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {code: Reason(code, **facts) for code, facts in tomllib.loads(text).items()}


REASONS: dict[str, Reason] = _registry()
REJECTING: list[str] = [code for code, reason in REASONS.items() if reason.severity == "reject"]
