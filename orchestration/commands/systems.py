"""``jinguo systems``: the counties' own systems of the sample world, to pull from, to look at, and to see go wrong."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.home import Home
    from samples.systems import SampleSystem
    from samples.systems.faults import Faults

CHECK_COLUMNS = ["报送单位", "方式 kind", "条目 items", "字节 bytes", "新批次 new", "秒 seconds", "结果"]
_SENDER, _FAULT = (
    "Only this sender's system; may stand several times.",
    "What goes wrong in each: 429, 500, cut, stall …",
)


def systems(
    check: Annotated[
        bool, typer.Option("--check", help="Pull once from each into a home of its own, and stop.")
    ] = False,
    sender: Annotated[list[str] | None, typer.Option(help=_SENDER)] = None,
    misbehave: Annotated[str | None, typer.Option(help=_FAULT)] = None,
    times: Annotated[int, typer.Option(min=1, help="How many of the next requests go wrong.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Serve the sample world from real SFTP, HTTP, S3 and SQL systems on this machine, until Ctrl-C."""
    from ingest.home import Home
    from orchestration.sample_world import connected, readable
    from orchestration.screen import progress

    chosen = _chosen(sender)
    faults = _faults(chosen, misbehave, times)
    with progress(), readable(Home.from_environment()) as world:
        names = [system.sender for system in chosen]
        with connected(world, names, faults) as variables:
            if check:
                _check(chosen, as_json)
            else:
                _serve(chosen, variables, faults, as_json)


def _chosen(senders: list[str] | None) -> list[SampleSystem]:
    try:
        from samples.systems import SYSTEMS
    except ImportError:
        raise Problem(
            "samples_missing", "the sample systems are not installed", "pip install -e '.[samples]'"
        ) from None
    unknown = set(senders or ()) - {system.sender for system in SYSTEMS}
    if unknown:
        known = ", ".join(system.sender for system in SYSTEMS)
        raise Problem("usage", f"no sample system of {sorted(unknown)[0]}", f"one of: {known}", usage=True)
    return [system for system in SYSTEMS if senders is None or system.sender in senders]


def _faults(chosen: list[SampleSystem], misbehave: str | None, times: int) -> dict[str, Faults]:
    """What is to go wrong, by sender. Raises ``Problem`` where no chosen system can go wrong in this way."""
    from samples.systems.faults import Faults

    found = {system.sender: Faults() for system in chosen}
    able = [system for system in chosen if misbehave in system.faults]
    if misbehave is not None and not able:
        known = ", ".join(sorted({name for system in chosen for name in system.faults}))
        raise Problem("usage", f"no system goes wrong by {misbehave}", f"one of: {known}", usage=True)
    for system in able:
        found[system.sender].order(str(misbehave), times)
    return found


def _serve(
    chosen: list[SampleSystem], variables: Mapping[str, str], faults: Mapping[str, Faults], as_json: bool
) -> None:
    """Tell where everything is, and wait to be interrupted."""
    from orchestration.screen import as_json as write
    from orchestration.screen import say

    # who ends us kindly leaves no folder behind; who kills us ends the threads that serve
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if as_json:
            write({"systems": [_told(system, variables) for system in chosen], "environment": dict(variables)})
            sys.stdout.flush()
        else:
            _print_systems(chosen, variables, faults)
        Event().wait()
    except KeyboardInterrupt:
        if not as_json:
            say("已停止 stopped")


def _told(system: SampleSystem, variables: Mapping[str, str]) -> dict[str, str]:
    address = variables[f"{system.prefix}_URL"]
    return {"sender": system.sender, "kind": system.kind, "address": address, "serves": system.serves}


def _print_systems(chosen: list[SampleSystem], variables: Mapping[str, str], faults: Mapping[str, Faults]) -> None:
    from shlex import quote

    from ingest.home import Home
    from orchestration.screen import called, next_step, say, table

    rows = [tuple(_told(system, variables).values()) for system in chosen]
    table("报送系统 systems", ["报送单位", "方式 kind", "地址 address", "内容 serves"], rows)
    for one in chosen:
        if left := faults[one.sender].left:
            say(f"{one.sender}: 接下来{left}次请求会出错 the next {left} go wrong", "yellow")
    say("在另一个终端里 in another terminal:", "bold")
    for name, value in variables.items():
        say(f"  export {name}={quote(value)}", "cyan")
    next_step(f"{called(Home.from_environment())}jinguo land    # 拉取 pulls; Ctrl-C 停止 stops the systems")


def _check(chosen: list[SampleSystem], as_json: bool) -> None:
    """Pull every system once into a home that is thrown away; exit 1 if one failed or gave nothing."""
    from orchestration.screen import as_json as write
    from orchestration.screen import say, table

    with TemporaryDirectory(prefix="jinguo-check.") as root:
        told = _pulled(chosen, Path(root))
    if as_json:
        write(told)
    else:
        table("拉取 pulled", CHECK_COLUMNS, map(_row, told), right=range(2, 6))
        for one in told:
            if not one["ok"]:
                say(f"✗ {one['sender']}: {one['reason']} → {one['advice']}", "red")
    if not all(one["ok"] for one in told):
        raise typer.Exit(1)


def _pulled(chosen: list[SampleSystem], root: Path) -> list[dict[str, Any]]:
    from ingest.home import Home
    from ingest.keys import Keyring, create_keys
    from orchestration.progress import report

    home = Home(root)
    home.prepare()
    create_keys(home, demo=True)
    keyring, told = Keyring.open(home), []
    for done, system in enumerate(chosen):
        report("pulling", done, len(chosen))
        told.append(_pulled_once(home, keyring, system))
    report("pulling", len(chosen), len(chosen))
    return told


def _pulled_once(home: Home, keyring: Any, system: SampleSystem) -> dict[str, Any]:
    from ingest.connectors.failures import FAILURES
    from ingest.pull import pull

    begun = perf_counter()
    (one,) = pull(home, keyring, now=datetime.now(UTC), only={system.sender})
    failure = FAILURES.get(one.reason_code or "")
    return {
        "sender": one.sender,
        "kind": one.kind,
        "items": one.items,
        "bytes": one.byte_size,
        "new": one.new,
        "seconds": round(perf_counter() - begun, 2),
        "ok": one.state == "ok" and one.new > 0,
        "state": one.state,
        "code": one.reason_code,
        "reason": failure.zh if failure else "没有取到任何批次 nothing came",
        "advice": failure.advice_zh if failure else "",
    }


def _row(one: dict[str, Any]) -> tuple[Any, ...]:
    from orchestration.screen import mark

    return (
        *(one[name] for name in ("sender", "kind", "items", "bytes", "new")),
        f"{one['seconds']:.2f}",
        mark(one["ok"]),
    )
