"""What persons decided about held deliveries: approved or refused, why, when and by whom. Kept for ever, in landing.

A decision is never changed: a later one about the same delivery counts instead. They are read from their files each
time, so that whoever restores landing has them too.
"""

import hashlib
import os
import pwd
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from ingest.durable import add_durably
from ingest.home import Home
from ingest.keys import letters

Verdict = Literal["approve", "refuse"]


class DecisionDamaged(Exception):
    """A decision cannot be read; the message names it by day and delivery, not by what it says."""


class Decision(BaseModel):
    """One decision. ``because`` can name a person: it stays in landing and on the screen of who asks for it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    delivery_id: str = Field(pattern=r"^[a-p]{16}$")
    verdict: Verdict
    because: str = Field(min_length=1, max_length=2_000, repr=False)
    decided_at: AwareDatetime
    decided_by: str = Field(repr=False)

    @field_validator("decided_at")
    @classmethod
    def _in_utc(cls, value: datetime) -> datetime:
        return value.astimezone(UTC)

    @property
    def decision_id(self) -> str:
        """16 letters a-p that follow from what it says."""
        return letters(hashlib.sha256(self.written()).digest()[:8])

    def written(self) -> bytes:
        """The decision as JSON; equal decisions give equal bytes."""
        return self.model_dump_json(indent=1).encode() + b"\n"


def decide(home: Home, delivery_id: str, verdict: Verdict, because: str, now: datetime) -> Decision:
    """Keep a decision, durable when this returns, as made at ``now`` by this process's user.

    Raises ``ValueError`` where ``because`` says nothing.
    """
    reason = because.strip()
    if not reason:
        raise ValueError("a decision needs a reason")
    made = Decision(
        delivery_id=delivery_id, verdict=verdict, because=reason, decided_at=now, decided_by=_user(os.getuid())
    )
    home.prepare()
    path = home.decisions / made.decided_at.date().isoformat() / f"{delivery_id}-{made.decision_id}.json"
    add_durably([(path, partial(bytes, made.written()))], staging=home.staging, mode=0o400)
    return made


def read_decisions(home: Home) -> Iterator[Decision]:
    """Yield every decision, oldest first; raises ``DecisionDamaged`` at one that cannot be read."""
    found = []
    for path in sorted(home.decisions.glob("*/*.json")):
        try:
            found.append(Decision.model_validate_json(path.read_bytes()))
        except ValidationError:
            raise DecisionDamaged(f"decision {path.parent.name}/{path.name} cannot be read") from None
    yield from sorted(found, key=_rank)


def counting(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return, by ``delivery_id``, the decision that counts: the newest, whatever the order they are given in."""
    newest: dict[str, Decision] = {}
    for one in decisions:
        known = newest.get(one.delivery_id)
        if known is None or _rank(known) < _rank(one):
            newest[one.delivery_id] = one
    return newest


def _rank(one: Decision) -> tuple[datetime, str]:
    return one.decided_at, one.decision_id


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run under a number without a name
        return str(number)
