"""What went wrong, told without a single value of a row: a code, what it means, what to do."""

import datetime as dt
import functools
import os
import re
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ingest.home import Home
from orchestration.disk_trouble import disk_trouble

# Exceptions of our own whose messages hold no cell's value, by the promise of their docstrings.
_OURS = {
    "AuditFailed",
    "Damaged",
    "DecisionDamaged",
    "HistoryUnusable",
    "KeysUnusable",
    "LandingDamaged",
    "LedgerTooNew",
    "NoRelease",
    "NotFound",
    "PublishFailed",
    "ReceiptDamaged",
    "SpecInvalid",
}
# Where the message, or this line, says all that there is to do: no way into the operator's log.
_TODO = {
    "KeysUnusable": "",
    "NoRelease": "没有这个版本，或尚未发布：先看 jinguo release list，没有则运行 jinguo nightly",
}
OPERATOR_LOG = "logs/operator.log"
ACCESS_LOG = "logs/access.log"


class Problem(Exception):
    """A failure that its reader can act on. None of ``code``, ``what`` and ``todo`` may hold a cell's value."""

    def __init__(self, code: str, what: str, todo: str = "", *, usage: bool = False) -> None:
        self.code, self.what, self.todo, self.usage = code, what, todo, usage
        super().__init__(f"{code}: {what}")


@dataclass(frozen=True)
class Told:
    """A failure as it may be shown: ``reference`` finds its place in the operator's log."""

    code: str
    what: str
    todo: str
    reference: str
    usage: bool = False


def tell(error: BaseException, home: Home) -> Told:
    """Turn any exception into what may be shown, and note its class and its places in the code.

    Messages of exceptions that are not ours are dropped: seven of nine typical ones, tried, carried a
    person's number.
    """
    problem = error if isinstance(error, Problem) else None
    kind = type(error).__name__
    reference = _noted(home, error, problem)
    if problem:
        return Told(problem.code, problem.what, problem.todo, reference, problem.usage)
    see = f"see {reference} in {home.root / OPERATOR_LOG}"
    if trouble := disk_trouble(error, home.root):
        return Told(*trouble, reference)
    if kind in _OURS and type(error).__module__.startswith(("ingest.", "warehouse.")):
        return Told(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower(), str(error), _TODO.get(kind, see), reference)
    return Told("unexpected", f"{kind} at {_place(error)}", see, reference)


def guarded(step: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Wrap the body of an asset: whatever it raises reaches Dagster as a code and a class name, nothing else."""

    @functools.wraps(step)
    def run(*args: Any, **kwargs: Any) -> Iterator[Any]:
        caught: Exception | None = None
        try:
            yield from step(*args, **kwargs)
        except Exception as error:  # every class: Dagster would store the message and the chain of causes
            caught = error.with_traceback(error.__traceback__)
        if caught is not None:
            told, kind = tell(caught, Home.from_environment()), type(caught).__name__
            caught = None
            _fail(told, kind)

    return run


def _fail(told: Told, kind: str) -> NoReturn:
    import dagster as dg

    raise dg.Failure(
        f"{told.code}: {told.what}",
        metadata={"code": told.code, "class": kind, "todo": told.todo, "operator_log": told.reference},
        allow_retries=False,
    ) from None


def note(home: Home, log: str, line: str) -> None:
    """Append ``line`` to a log of ``home`` that only the operator can read."""
    path = home.root / log
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(line + "\n")


def _noted(home: Home, error: BaseException, problem: Problem | None) -> str:
    now = dt.datetime.now(dt.UTC)
    reference = now.strftime("%Y%m%dT%H%M%S.%f")
    frames = [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    said = f" {problem.code}: {problem.what}" if problem else ""
    try:
        note(home, OPERATOR_LOG, f"{reference} {type(error).__name__}{said}\n    " + "\n    ".join(frames))
    except OSError:
        return "operator log not writable"
    return reference


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    return f"{_short(ours[-1].filename)}:{ours[-1].lineno}" if ours else "an unknown place"


def _short(filename: str) -> str:
    parts = Path(filename).parts
    return "/".join(parts[-3:]) if "site-packages" in parts else "/".join(parts[-2:])
