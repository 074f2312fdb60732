"""Rings what is new: each thing once until it changes, again until it is heard, and never at a night's cost."""

import datetime as dt
import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from ingest.durable import make_directory, write_durably
from ingest.home import Home
from orchestration import last_night
from orchestration.alerts.alert import Alert, alert_of, standing
from orchestration.alerts.channels import NotSent, Settings, read_settings
from orchestration.lock import exclusive
from orchestration.problems import Problem, note, tell

LOG, STATE = "logs/alerts.log", "logs/alerts.json"
# Repairs are told once and then forgotten; what merely ends otherwise (a held delivery was approved) is not told.
_REPAIRED = {"pull_failed": "pull_repaired"}


def ring(home: Home, now: dt.datetime | None = None, late: Sequence[Alert] | None = None) -> int:
    """Ring everything that stands and was not heard yet; return how much is still unheard. Never raises.

    ``late`` is what Dagster's freshness policies say; None where the caller cannot know: then it stays as it was.
    Two processes that ring at once: one does, the other leaves it to it.
    """
    try:
        make_directory((home.root / STATE).parent)
        with exclusive(home.root / "alerts.lock", 0):
            return _ring(home, now or dt.datetime.now(dt.UTC), late)
    except Problem as problem:
        if problem.code != "night_busy":
            tell(problem, home)
        return 0
    except Exception as error:  # alerts must not fail what they tell of
        tell(error, home)
        return 0


def unheard(home: Home) -> list[Alert]:
    """The alerts that some channel has not taken yet: for ``jinguo status``."""
    names = set(read_settings(home).channels)
    return [alert_of(key, one["count"]) for key, one in _read(home).items() if names - set(one["heard"])]


def note_failed(home: Home, code: str) -> None:
    """Note that a run ended with ``code``, also where it ended before its first step could note that it runs."""
    if last_night.ended(home).get("state") != "running":
        last_night.write(home, "failed", code=code)


@contextmanager
def ringing(home: Home) -> Generator[None]:
    """Ring after the block, however it ends; a ``Problem`` of its night is noted, one of waiting for it is not."""
    try:
        yield
    except Problem as problem:
        if problem.code != "night_busy":
            with suppress(OSError):  # a full disk: the problem is what must be told
                note_failed(home, problem.code)
        raise
    finally:
        ring(home)


def _ring(home: Home, now: dt.datetime, late: Sequence[Alert] | None) -> int:
    settings, before = read_settings(home), _read(home)
    found = standing(home, now, settings.due_time, settings.stale)
    kept = {} if late is not None else {k: v for k, v in before.items() if k.startswith("dataset_late|")}
    state = kept | _followed(home, before, [*found, *(late or ())], now)
    if state != before:
        _write(home, state)
    left = 0
    for name, channel in settings.channels.items():
        due = [key for key, one in state.items() if name not in one["heard"]]
        if due and _sent(home, name, channel, [alert_of(key, state[key]["count"]).line for key in due], now):
            for key in due:
                state[key]["heard"].append(name)
            _write(home, state)
        else:
            left += len(due)
    _forget_repaired(home, state, settings)
    return left


def _followed(home: Home, before: dict[str, Any], found: Sequence[Alert], now: dt.datetime) -> dict[str, Any]:
    """The state after this look: what stands on keeps who heard it, what grew or is new was heard by nobody."""
    state: dict[str, Any] = {}
    for one in found:
        known = before.get(one.key)
        if known and one.count <= known["count"]:
            state[one.key] = {**known, "count": one.count}
            continue
        note(home, LOG, f"{now:%Y-%m-%dT%H:%M:%SZ} {one.key} {one.count}")
        state[one.key] = {"count": one.count, "since": now.isoformat(timespec="seconds"), "heard": []}
    is_open = last_night.ended(home).get("state") == "running"
    for key, one in before.items():
        kind, _, rest = key.partition("|")
        if key in state:
            continue
        if kind in ("pull_repaired",) or (kind == "run_failed" and is_open):
            state[key] = one  # not heard yet, or nobody knows yet whether it is over
        elif kind in _REPAIRED and one["heard"]:
            mended = f"{_REPAIRED[kind]}|{rest.split('|')[0]}||"
            state[mended] = {"count": 1, "since": now.isoformat(timespec="seconds"), "heard": []}
            note(home, LOG, f"{now:%Y-%m-%dT%H:%M:%SZ} {mended} 1")
    return state


def _sent(home: Home, name: str, channel: Any, lines: list[str], now: dt.datetime) -> bool:
    try:
        channel.send(lines, now)
    except NotSent as problem:
        note(home, LOG, f"{now:%Y-%m-%dT%H:%M:%SZ} not sent by {name}: {problem.code} ({len(lines)} alerts wait)")
        return False
    return True


def _forget_repaired(home: Home, state: dict[str, Any], settings: Settings) -> None:
    over = [
        k for k, one in state.items() if k.startswith("pull_repaired") and set(settings.channels) <= {*one["heard"]}
    ]
    for key in over:
        del state[key]
    if over:
        _write(home, state)


def _read(home: Home) -> dict[str, Any]:
    path = home.root / STATE
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:  # a torn disk must not keep alerts silent: everything rings anew
        return {}


def _write(home: Home, state: dict[str, Any]) -> None:
    write_durably(home.root / STATE, json.dumps(state, indent=1).encode() + b"\n")
