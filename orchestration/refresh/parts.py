"""Which rows of a table a refresh writes again: those of the datasets and senders of which something changed."""

from collections.abc import Iterator, Mapping

from orchestration.dbt_statements import Part, Step
from orchestration.refresh.content import SOURCE, Changed


def is_hit(read: list[str] | None, changed: Changed) -> bool:
    """Whether what changed is among what is ``read``: of some datasets, or everything."""
    return read is None or changed is None or any(_dataset(one) in read for one in changed)


def rewriting(step: Step, by_sender: Mapping[str, str], changed: Mapping[str, Changed]) -> Iterator[str]:
    """Yield what writes a table again; ``by_sender``: names of all that is by sender."""
    hit = [(part, _senders(step, part, by_sender, changed)) for part in step.parts if _is_touched(part, changed)]
    if not step.parts or any(not part.dataset and senders is None for part, senders in hit):
        yield f"drop table {step.relation}"
        yield from step.statements
        return
    for part, senders in hit:
        is_of = [f"dataset = '{part.dataset}'"] if part.dataset else []
        is_of += [_among(senders)] if senders is not None else []
        yield f"delete from {step.relation} where {' and '.join(is_of)}"
        yield part.statement if senders is None else narrowed(part, by_sender, senders)


def passed_on(step: Step, by_sender: Mapping[str, str], changed: Mapping[str, Changed]) -> Changed:
    """What changed in a view by sender: the rows of which it reads something changed."""
    read = {parent: step.slices.get(parent) for parent in step.parents}
    return _told(read, by_sender, changed) if step.by_sender else None


def _is_touched(part: Part, changed: Mapping[str, Changed]) -> bool:
    return any(is_hit(read, changed[one]) for one, read in part.reads.items() if one in changed)


def _senders(step: Step, part: Part, by_sender: Mapping[str, str], changed: Mapping[str, Changed]) -> set[str] | None:
    """Whose rows of a part are to be written again; None where it is everybody's, for a file is read as a whole."""
    if not step.by_sender or any(one.startswith(SOURCE) for one in part.reads):
        return None
    found = _told(part.reads, by_sender, changed)
    return None if found is None else {_sender(one) for one in found}


def _told(
    reads: Mapping[str, list[str] | None], by_sender: Mapping[str, str], changed: Mapping[str, Changed]
) -> Changed:
    """What of what is read changed; None where it is not told of which senders."""
    found = set[str]()
    for parent, read in reads.items():
        keys = changed.get(parent, set())
        if keys is None:
            return None
        hit = {one for one in keys if read is None or _dataset(one) in read}
        if hit and parent not in by_sender and not parent.startswith(SOURCE):
            return None
        found |= hit
    return found if all(map(_sender, found)) else None


def narrowed(part: Part, by_sender: Mapping[str, str], senders: set[str]) -> str:
    """The statement of a part over the rows of ``senders`` only, wherever it reads what is by sender."""
    statement = part.statement
    for name in sorted({by_sender[one] for one in part.reads if one in by_sender}):
        statement = statement.replace(name, f"(select * from {name} where {_among(senders)})")
    return statement


def _among(senders: set[str]) -> str:
    quoted = ", ".join("'" + one.replace("'", "''") + "'" for one in sorted(senders))
    return f"sender in ({quoted})"


def _dataset(key: str) -> str:
    return key.partition("/")[0]


def _sender(key: str) -> str:
    return key.partition("/")[2]
