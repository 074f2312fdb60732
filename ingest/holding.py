"""Which deliveries wait for a person: a snapshot that shrank, and bytes that another sender had sent before.

Both follow from the set of deliveries and decisions alone, never from the order or the night of their coming (law 2).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ingest.attempts import Outcome
from ingest.contracts import CONTRACTS
from ingest.decisions import Decision, Verdict
from ingest.scopes import scopes_in

# a snapshot that keeps less than this of the one before it, or nothing of it, is held
KEPT_PERCENT = 70
SHRANK, SAME_BYTES, DECIDED = "snapshot_shrank", "bytes_of_another_sender", "refused_by_person"
_WHOLE = ""


@dataclass(frozen=True)
class Hold:
    """Why a delivery is held: clean records ``before``, in the delivery ``other_id``, and ``now``, in this one.

    Where one of several scopes shrank, both are that scope's. Of equal bytes both counts are the same.
    """

    delivery_id: str
    reason_code: str
    other_id: str
    before: int
    now: int


def judged(
    outcomes: Iterable[Outcome], decisions: Mapping[str, Decision] | None = None
) -> tuple[list[Outcome], list[Hold]]:
    """Return the outcomes with those withheld that are held or that a person refused, and every hold.

    What was decided is no longer held. A refused or held delivery is nothing that another one is compared with.
    """
    verdicts = {name: one.verdict for name, one in (decisions or {}).items()}
    every = list(outcomes)
    usable = [one for one in every if one.state == "clean" and verdicts.get(one.delivery.delivery_id) != "refuse"]
    holds = _repeated(usable, verdicts)
    holds |= _shrunk([one for one in usable if one.delivery.delivery_id not in holds], verdicts)
    return [_withheld(one, holds, verdicts) for one in every], sorted(holds.values(), key=lambda one: one.delivery_id)


def _withheld(one: Outcome, holds: Mapping[str, Hold], verdicts: Mapping[str, Verdict]) -> Outcome:
    name = one.delivery.delivery_id
    if name in holds:
        return replace(one, withheld="held", withheld_for=holds[name].reason_code)
    if one.state == "clean" and verdicts.get(name) == "refuse":
        return replace(one, withheld="refused", withheld_for=DECIDED)
    return one


def _repeated(usable: list[Outcome], verdicts: Mapping[str, Verdict]) -> dict[str, Hold]:
    """The deliveries whose bytes another sender sent earlier; a file without a record says nothing and may be equal."""
    holds: dict[str, Hold] = {}
    for alike in _several(filter(_records, usable), lambda one: one.delivery.sha256):
        first, *later = sorted(
            alike, key=lambda one: (one.delivery.received_at, one.delivery.sender, one.delivery.delivery_id)
        )
        for one in later:
            name, records = one.delivery.delivery_id, _records(one)
            if one.delivery.sender != first.delivery.sender and name not in verdicts:
                holds[name] = Hold(name, SAME_BYTES, first.delivery.delivery_id, records, records)
    return holds


def _shrunk(usable: list[Outcome], verdicts: Mapping[str, Verdict]) -> dict[str, Hold]:
    """The snapshots that fell too far against the accepted one of the same scope before them."""
    holds: dict[str, Hold] = {}
    snapshots = (one for one in usable if one.delivery.kind == "snapshot")
    for several in _several(snapshots, lambda one: (one.delivery.sender, one.delivery.dataset)):
        accepted: dict[str, tuple[str, int]] = {}
        for one in sorted(several, key=_order):
            name, records = one.delivery.delivery_id, _by_scope(one)
            fallen = [
                Hold(name, SHRANK, *accepted[scope], now)
                for scope, now in sorted(records.items())
                if scope in accepted and now * 100 < accepted[scope][1] * KEPT_PERCENT
            ]
            if fallen and name not in verdicts:
                holds[name] = min(fallen, key=lambda hold: hold.now / hold.before)
            else:
                accepted |= {scope: (name, count) for scope, count in records.items()}
    return holds


def _several(outcomes: Iterable[Outcome], key: Callable[[Outcome], object]) -> list[list[Outcome]]:
    """Those with the same ``key``, where there are two at least: most deliveries have none to be compared with."""
    groups: dict[object, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[key(one)].append(one)
    return [several for several in groups.values() if len(several) > 1]


def _order(one: Outcome) -> tuple[object, ...]:
    delivery = one.delivery
    return (one.as_of_on, delivery.received_at, delivery.sequence, delivery.delivery_id)


def _by_scope(one: Outcome) -> Mapping[str, int]:
    """A snapshot of a dataset without scopes speaks of the whole; one with scopes and no record speaks of none."""
    contract = CONTRACTS.get(one.delivery.dataset)
    if contract and contract.scope:
        return scopes_in(one.attempt.scopes) if one.attempt else {}
    return {_WHOLE: _records(one)}


def _records(one: Outcome) -> int:
    return one.attempt.clean_records if one.attempt else 0
