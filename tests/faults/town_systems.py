"""The town's misbehaving systems: a sender for every fault, with a server that has just that one, or none of them."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from town import ROOT, activities, name_of, phone_of

from samples.systems.background import background
from samples.systems.faults import Faults
from samples.systems.lecture_orders import serve_lecture_orders
from samples.systems.sftp import serve_sftp

sys.path.insert(0, str(ROOT / "tests" / "connectors"))

from raw_server import Asked, Raw, in_json, said, serving

# sender -> what its server does wrong, and the code by which the night has to call it
HTTP = {
    "h-cut": ("cut", "body_cut"),
    "h-error": ("error", "pull_retries"),
    "h-length": ("length", "answer_unreadable"),
    "h-login": ("login", "answer_unreadable"),
    "h-loop": ("loop", "redirected"),
    "h-many": ("429", "pull_retries"),
    "h-moved": ("redirect", "redirected"),
    "h-stall": ("stall", "body_cut"),
    "h-trickle": ("trickle", "pull_deadline"),
    "h-worn": ("500", "pull_retries"),
}
SFTP = {
    "s-cut": ("cut", "body_cut"),
    "s-gone": ("vanish", "pull_retries"),
    "s-key": ("key", "host_key_changed"),
    "s-stall": ("stall", "body_cut"),
    "s-well": ("", ""),
}
SHARE = {"t-share": ("unmounted", "system_unreachable")}
ALL = {sender: (HTTP | SFTP | SHARE)[sender] for sender in sorted(HTTP | SFTP | SHARE)}
WELL = ("s-well",)
_SECONDS = {"h-trickle": 6}
_TIMES = 1_000

_HTTP_TOML = """\
kind = "http"
url = "env:{prefix}_URL"
attempts = 2
wait_seconds = 0.05
answer = {{ code = "code", ok = [0], retry = [50012], expired = [40101] }}
[token]
path = "/oauth/token"
client_id = "env:{prefix}_ID"
client_secret = "env:{prefix}_SECRET"
[limits]
seconds = {seconds}
idle_seconds = {idle}
retries = 2
[[datasets.lecture_orders.listings]]
name = "changed"
path = "/api/lecture-orders"
records = "data.items"
paging = {{ by = "cursor", next = "data.next" }}
"""
_SFTP_TOML = """\
kind = "sftp"
url = "env:{prefix}_URL"
user = "jinguo"
password = "env:{prefix}_PASSWORD"
host_key = "env:{prefix}_HOST_KEY"
[limits]
seconds = {seconds}
idle_seconds = {idle}
retries = 2
[datasets]
care_activities = {{}}
"""
_SHARE_TOML = """\
kind = "folder"
root = "env:{prefix}_URL"
settle_seconds = 1
[datasets]
care_activities = {{}}
"""


def declare(tree: Path) -> None:
    """Declare every system in the program of ``tree``."""
    spec = ROOT / "ingest" / "senders" / "chongqing" / "lecture_orders.toml"
    for sender in ALL:
        folder = tree / "ingest" / "senders" / sender
        folder.mkdir()
        text = _HTTP_TOML if sender in HTTP else _SFTP_TOML if sender in SFTP else _SHARE_TOML
        idle = 2 if "stall" in sender else 30
        stated = text.format(prefix=_prefix(sender), seconds=_SECONDS.get(sender, 300), idle=idle)
        (folder / "system.toml").write_text(stated, "utf-8")
        if sender in HTTP:
            shutil.copy(spec, folder)


def write_served(folder: Path) -> None:
    """Write what the systems serve: two pages of orders, or two days of activities, for each sender."""
    for number, sender in enumerate(ALL, 1):
        if sender in HTTP:
            for page in (1, 2):
                path = folder / sender / "lecture_orders" / f"orders_20240305_0{page}.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(_orders(number, page))
        else:
            for day in (3, 4):
                path = folder / sender / "care_activities" / f"090{day}.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(activities(number, day).encode())
                # from the future: a share is looked at twice, however late the night comes to it
                os.utime(path, (time.time() + 86_400,) * 2)


def _orders(sender: int, page: int) -> bytes:
    items = [
        {
            "orderNo": f"DD{sender}-{page}-{number}", "district": "渝中区", "courseCode": "KC1-01", "status": "点单",
            "createdAt": f"2024-02-27 09:0{number}:24", "updatedAt": f"2024-02-27 09:0{number}:24",
            "placeType": "学校", "target": "普通家庭", "expectDate": "2024年10月", "arrangedDate": None,
            "contact": {"联系人": name_of(sender * 10 + number), "联系电话": phone_of(sender * 10 + number)},
        }
        for number in range(4)
    ]  # fmt: skip
    answer = {"code": 0, "msg": "ok", "data": {"items": items, "next": "c030502" if page == 1 else None}}
    return json.dumps(answer, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Served:
    """The environment that names the systems, and the mounted share."""

    environment: dict[str, str]
    share: Path


@contextmanager
def systems(folder: Path, share: Path, *, faulty: bool) -> Iterator[Served]:
    """Serve all of ``folder``, each with its own fault or none with any; ``share`` is where the share is mounted."""
    environment: dict[str, str] = {}
    with ExitStack() as stack:
        loop = stack.enter_context(background())
        for sender, (fault, _) in ALL.items():
            faults, facts = Faults(), {}
            if faulty and fault not in ("", "key", "login", "loop", "unmounted"):
                faults.order(fault, _TIMES)
            if faulty and sender in ("h-login", "h-loop"):
                url = stack.enter_context(serving(_astray if sender == "h-loop" else _at_a_login)).url
                facts = {"url": url, "id": "jinguo", "secret": "none"}
            elif sender in HTTP:
                served = folder / sender / "lecture_orders"
                facts = stack.enter_context(serve_lecture_orders(loop, served, faults))
            elif sender in SFTP:
                facts = stack.enter_context(serve_sftp(loop, folder / sender, faults))
                if faulty and fault == "key":  # the server that answers is another one than was pinned
                    other = stack.enter_context(serve_sftp(loop, folder / sender, Faults()))
                    facts["host_key"] = other["host_key"]
            else:
                facts = {"url": str(share)}
            environment |= {f"{_prefix(sender)}_{name.upper()}": value for name, value in facts.items()}
        yield Served(environment, share)


def _prefix(sender: str) -> str:
    return f"JINGUO_{sender.replace('-', '_').upper()}"


def _astray(asked: Asked) -> Iterator[Raw]:
    yield _token() if asked.method == "POST" else said(302, Location=f"{asked.path}?again=1")


def _at_a_login(asked: Asked) -> Iterator[Raw]:
    page = "<html><body><form action=/login>请登录</form></body></html>".encode()
    yield _token() if asked.method == "POST" else said(200, page, Content_Type="text/html")


def _token() -> bytes:
    return in_json({"access_token": "granted", "token_type": "Bearer", "expires_in": 7200})


def mounted(source: Path, at: Path) -> bool:
    """Mount ``source`` at ``at``, as a share is; say whether that was allowed."""
    at.mkdir(exist_ok=True)
    return not subprocess.run(["mount", "--bind", str(source), str(at)], check=False, capture_output=True).returncode


def unmounted(at: Path) -> None:
    """Take the share away under whoever reads it."""
    subprocess.run(["umount", "-l", str(at)], check=True)


def take_away(pid: int, share: Path) -> threading.Thread:
    """Unmount the share as soon as the process ``pid`` has opened it; join what is returned."""

    def watch() -> None:
        opened = Path(f"/proc/{pid}/fd")
        while opened.exists():
            if share in _targets(opened):
                unmounted(share)
                return
            time.sleep(0.01)  # it stays open for two looks, a second apart

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def _targets(opened: Path) -> set[Path]:
    """What a process has open; nothing where it just ended or let go."""
    try:
        return {one.readlink() for one in opened.iterdir()}
    except OSError:
        return set()
