"""Starting the sample systems together and stopping them surely: threads of this process, which die with it."""

from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from samples.systems import database, firm_sales, lecture_orders
from samples.systems.background import Background, background
from samples.systems.faults import HTTP_FAULTS, OBJECT_FAULTS, SFTP_FAULTS, Faults

Facts = dict[str, str]


@dataclass(frozen=True)
class SampleSystem:
    """One sender's system: its ``kind``, what it ``serves`` (for whom reads a table), and how it can go wrong."""

    sender: str
    kind: str
    serves: str
    faults: Mapping[str, str]
    start: Callable[[ExitStack, Background, Path, Faults], Facts]

    @property
    def prefix(self) -> str:
        """How the names of its environment variables begin; the one of its address ends in ``_URL``."""
        return f"JINGUO_{self.sender.replace('-', '_').upper()}"


def _sftp(stack: ExitStack, loop: Background, folder: Path, faults: Faults) -> Facts:
    from samples.systems.sftp import serve_sftp  # asyncssh is an extra, and takes its time

    return stack.enter_context(serve_sftp(loop, folder, faults))


def _objects(stack: ExitStack, _loop: Background, folder: Path, faults: Faults) -> Facts:
    from samples.systems.objects import serve_objects  # moto takes more than a second

    return stack.enter_context(serve_objects(folder, folder.name, faults))


def _firm_sales(stack: ExitStack, loop: Background, folder: Path, faults: Faults) -> Facts:
    return stack.enter_context(firm_sales.serve_firm_sales(loop, folder / "firm_sales", faults))


def _lecture_orders(stack: ExitStack, loop: Background, folder: Path, faults: Faults) -> Facts:
    return stack.enter_context(lecture_orders.serve_lecture_orders(loop, folder / "lecture_orders", faults))


def _share(_stack: ExitStack, _loop: Background, folder: Path, _faults: Faults) -> Facts:
    return {"url": str(folder.resolve())}


def _database(stack: ExitStack, _loop: Background, folder: Path, _faults: Faults) -> Facts:
    newest = max((folder / "organisations").glob("*.csv"))
    return {"url": f"sqlite://{stack.enter_context(database.serve_database(newest))}"}


SYSTEMS = (
    SampleSystem("juxian", "folder", "共享文件夹：四种台账，有压缩包", {}, _share),
    SampleSystem("donggang", "sftp", "文件服务器：六种台账，有更正和撤回", SFTP_FAULTS, _sftp),
    SampleSystem("qinghe-sw", "http", "接口：企业月度销售，按月分页，令牌会到期", HTTP_FAULTS, _firm_sales),
    SampleSystem("chongqing", "http", "接口：讲座点单，按游标翻页", HTTP_FAULTS, _lecture_orders),
    SampleSystem("federation", "sql", "数据库：妇联组织机构表", {}, _database),
    SampleSystem("jilin-jy", "objects", "对象存储：招聘会岗位、报名、回访", OBJECT_FAULTS, _objects),
)


@contextmanager
def running(
    world: Path, only: Collection[str] | None = None, faults: Mapping[str, Faults] | None = None
) -> Generator[dict[str, str]]:
    """Serve the sample written to ``world``; yield the environment variables that name addresses and secrets.

    ``only`` names the senders whose systems are wanted. ``faults`` holds, by sender, what is to go wrong. Raises
    OSError where a server cannot start, ImportError where its package is missing; what had started is stopped then.
    """
    environment: dict[str, str] = {}
    ordered = faults or {}
    with ExitStack() as stack:
        loop = stack.enter_context(background())
        for system in SYSTEMS:
            if only is None or system.sender in only:
                facts = system.start(stack, loop, world / system.sender, ordered.get(system.sender, Faults()))
                environment |= {f"{system.prefix}_{name.upper()}": value for name, value in facts.items()}
        yield environment
