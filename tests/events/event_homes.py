"""Small homes with the small project, and what is started over them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from small_project import small_project

from ingest.home import Home
from ingest.keys import create_keys

ROOT = Path(__file__).parents[2]
_HEADER = (
    "活动编号,活动类型,活动日期,录入时间,更新时间,开展方式,是否见到儿童,时长（分钟）,阳光妈妈编号,阳光妈妈姓名,手机,"
    "儿童编号（可多个）,参与儿童数,参与家长数,地点,内容记录,发现问题,线索编号,状态,照片数"
)


def ledger(day: int, records: int = 4) -> bytes:
    """A county's activities of one day of September 2023, a few records, as its platform exports them."""
    rows = (
        f"HD202309{day:02d}-{number:04d},走访排查,2023-09-{day:02d},2023-09-{day:02d} 20:15:00,"
        f"2023-09-{day:02d} 20:15:00,入户,是,60,DO-YM-0{100 + number},卜玥煜,199257350{number:02d},"
        f"371102-KJ-0{200 + number},1,1,大官庄村,已见到,否,,有效,1"
        for number in range(1, records + 1)
    )
    return ("\n".join([_HEADER, *rows]) + "\n").encode()


def new_home(root: Path) -> Home:
    """An empty home with demo keys."""
    home = Home(root)
    home.prepare()
    create_keys(home, demo=True)
    return home


def tree(to: Path) -> Path:
    """The program with the small dbt project beside it: the very same steps, in seconds."""
    shutil.copytree(ROOT / "orchestration", to / "orchestration")
    small_project(to / "dbt_project")
    tested = "select delivery_id from {{ ref('deliveries_counted') }} where clean_records < 0"
    (to / "dbt_project" / "tests" / "no_negative_count.sql").write_text(tested, "utf-8")
    return to


def environment(home: Home, at: Path) -> dict[str, str]:
    """What a process over ``home`` with the program of ``at`` gets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAGSTER", "JINGUO"))}
    return kept | {"JINGUO_HOME": str(home.root), "PYTHONPATH": f"{at}:{ROOT}", "PYTHONUNBUFFERED": "1"}


def drop(home: Home, name: str, data: bytes, sender: str = "donggang", dataset: str = "care_activities") -> float:
    """Put a file into the inbox as transfers do, written aside and renamed; return when it was there."""
    folder = home.inbox / sender / dataset
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    part.write_bytes(data)
    part.rename(folder / name)
    return time.time()


class Started:
    """A process with what it said so far."""

    def __init__(self, words: list[str], home: Home, at: Path, said: Path) -> None:
        self.said = said
        with said.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *words], cwd=at, env=environment(home, at), stdout=out, stderr=out
            )

    @property
    def text(self) -> str:
        """All that it said."""
        return self.said.read_text("utf-8")

    def until(self, word: str, count: int = 1, seconds: float = 120) -> str:
        """Wait until it has said ``word`` so often; fails when it ends or takes too long."""
        until = time.monotonic() + seconds
        while self.text.count(word) < count:
            assert self.process.poll() is None and time.monotonic() < until, self.text
            time.sleep(0.05)
        return self.text

    def end(self, number: int = signal.SIGTERM, seconds: float = 60) -> int:
        """Send a signal and wait; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(seconds)


@contextmanager
def started(words: list[str], home: Home, at: Path, said: Path) -> Iterator[Started]:
    """A process for the length of the block."""
    made = Started(words, home, at, said)
    try:
        yield made
    finally:
        made.end(signal.SIGKILL)
