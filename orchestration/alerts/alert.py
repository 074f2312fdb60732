"""What can ring, and what rings now: codes, sender codes, datasets and counts. An alert has no room for a free word."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

import polars as pl

from ingest.connectors.failures import FAILURES
from ingest.contracts import CONTRACTS
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.reasons import REASONS
from ingest.spec import SENDERS
from orchestration import last_night
from orchestration.deliveries import SHANGHAI, label

Kind = Literal[
    "run_failed",
    "night_late",
    "release_stale",
    "dataset_late",
    "delivery_held",
    "delivery_refused",
    "pull_failed",
    "pull_repaired",
]
_WORDS: dict[Kind, tuple[str, str]] = {
    "run_failed": ("运行失败", "查看jinguo status与logs/operator.log，处理后运行jinguo nightly；现行版本仍可使用"),
    "night_late": ("到点仍未跑完一夜", "查看jinguo status；没有在运行就运行jinguo nightly"),
    "release_stale": ("现行版本过期", "查看jinguo status，先解决运行失败的原因"),
    "dataset_late": ("台账逾期未报", "查看jinguo status，请报送单位补报"),
    "delivery_held": ("报送待核", "查看jinguo held，核对后jinguo approve或jinguo refuse"),
    "delivery_refused": ("报送被拒收", "查看jinguo status，请报送单位更正后重报"),
    "pull_failed": ("拉取失败", "查看jinguo status"),
    "pull_repaired": ("拉取已恢复", "无需处理"),
}
_CODE = re.compile(r"[a-z][a-z_]{0,59}|[A-Z][A-Za-z]{0,59}")
_AREA = re.compile(r"[1-9][0-9]{5}")
UNREGISTERED = "unregistered"


@dataclass(frozen=True)
class Alert:
    """One thing that rings. ``sender`` and ``dataset`` are empty where it is nobody's; ``count`` is in deliveries.

    Whatever is not of our own lists becomes ``unregistered`` (a folder can bear a person's name) or is refused:
    raises ``ValueError``, without the value, for a kind, dataset or code that is none.
    """

    kind: Kind
    sender: str = ""
    dataset: str = ""
    code: str = ""
    count: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "sender", shown_sender(self.sender))
        if self.dataset and self.dataset not in CONTRACTS:
            object.__setattr__(self, "dataset", UNREGISTERED)
        if self.kind not in get_args(Kind) or (self.code and not _CODE.fullmatch(self.code)):
            raise ValueError("an alert is made of codes")
        object.__setattr__(self, "count", int(self.count))

    @property
    def key(self) -> str:
        """What it is about, whatever its count."""
        return "|".join((self.kind, self.sender, self.dataset, self.code))

    @property
    def line(self) -> str:
        """One line for county staff: what, whose, why, how many, and what to do."""
        what, todo = _WORDS[self.kind]
        known = REASONS.get(self.code) or FAILURES.get(self.code)
        whose = " ".join(filter(None, (self.sender, self.dataset and label(self.dataset))))
        why = f"：{known.zh}" if known else f"（{self.code}）" if self.code else ""
        many = f"，{self.count}批" if self.kind.startswith("delivery_") else ""
        return f"【{what}】{whose}{why}{many}。处理：{known.advice_zh if known else todo}"


def alert_of(key: str, count: int) -> Alert:
    """The alert that ``key`` tells of; raises ``ValueError`` where it tells of none."""
    kind, sender, dataset, code = key.split("|")
    return Alert(kind, sender, dataset, code, count)  # ty: ignore[invalid-argument-type]


def standing(home: Home, now: dt.datetime, due: dt.time, stale: dt.timedelta) -> list[Alert]:
    """Return all that is wrong at ``now`` (with offset): derived from ledger and last night, remembered nowhere.

    A night is late when none ended well between midnight and ``due`` (Shanghai) of a day; the release is stale when
    for ``stale`` no night has proved that it says what was delivered.
    """
    if not home.ledger.exists():
        return []
    with Ledger(home) as ledger:
        current, pulls = ledger.current(), ledger.pulls()
    failed = [Alert("pull_failed", one.sender, "", one.reason_code or "") for one in pulls if one.state == "failed"]
    return [*_nights(home, now, due, stale), *_deliveries(current), *failed]


def _deliveries(current: pl.DataFrame) -> Iterator[Alert]:
    wrong = current.filter(pl.col("state") != "clean").select("state", "sender", "dataset", "reason_code")
    counted = Counter(_delivery(*row) for row in wrong.sort(pl.all()).iter_rows())
    for one, count in counted.items():  # two senders that nobody registered are one line
        yield replace(one, count=count)


def _delivery(state: str, sender: str, dataset: str, code: str | None) -> Alert:
    return Alert("delivery_held" if state == "held" else "delivery_refused", sender, dataset, code or "")


def _nights(home: Home, now: dt.datetime, due: dt.time, stale: dt.timedelta) -> Iterator[Alert]:
    noted = last_night.ended(home)
    if noted.get("state") in ("failed", "killed"):
        yield Alert("run_failed", code=noted.get("code") or noted["state"])
    ended = dt.datetime.fromisoformat(noted["ended_well_at"]) if "ended_well_at" in noted else None
    today = now.astimezone(SHANGHAI)
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    is_running = noted.get("state") == "running"
    if today.time() >= due and ended is not None and ended < midnight and not is_running:
        yield Alert("night_late")
    if ended is not None and now - ended > stale:
        yield Alert("release_stale")


def shown_sender(sender: str) -> str:
    """A sender's code where it is registered or an area's; of any other folder of the inbox only that it is neither."""
    is_folder = "/" not in sender and sender[:1].isalnum() and (SENDERS / sender).is_dir()
    return sender if not sender or is_folder or _AREA.fullmatch(sender) else UNREGISTERED
