"""The sample world on disk, written once per version of its writer, and its systems, started for as long as needed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from orchestration.environment import environment
from orchestration.problems import Problem
from orchestration.progress import report

if TYPE_CHECKING:
    from ingest.home import Home
    from samples.systems.faults import Faults

_EXTRAS = "pip install -e '.[samples,sftp,s3,sql]'"


def written_for(home: Home) -> Path:
    """Return the sample in ``home``, written where it is not there. Raises ``Problem`` samples_missing, or
    sample_changed where another version of it was landed here."""
    sample, stamp, code = home.root / "sample", home.root / "sample.stamp", _code()
    if not _is_ours(home, code):
        _write(home, sample)
        stamp.write_text(code)
    return sample


@contextmanager
def readable(home: Home) -> Generator[Path]:
    """Give the sample in ``home`` where it is this version's, else one that lasts as long as the block.

    Writes nothing into ``home``. Raises ``Problem`` samples_missing.
    """
    if _is_ours(home, _code()):
        yield home.root / "sample"
        return
    from samples import write_world

    with TemporaryDirectory(prefix="jinguo-sample.") as folder:
        report("writing", 0, 1)
        write_world(Path(folder))
        report("writing", 1, 1)
        yield Path(folder)


@contextmanager
def connected(
    world: Path, only: Collection[str] | None = None, faults: Mapping[str, Faults] | None = None
) -> Generator[dict[str, str]]:
    """Serve ``world`` and set the environment variables of its systems, while the block lasts.

    Raises ``Problem`` samples_missing or systems_not_started.
    """
    with _started(world, only, faults) as variables, environment(variables):
        yield variables


@contextmanager
def _started(
    world: Path, only: Collection[str] | None, faults: Mapping[str, Faults] | None
) -> Generator[dict[str, str]]:
    # what the block itself raises is not about the start: it must pass as it is
    begun = False
    try:
        from samples.systems import running

        with running(world, only, faults) as variables:
            begun = True
            yield variables
    except ImportError as error:
        if begun:
            raise
        raise Problem("samples_missing", f"样例系统缺少组件 {error.name}; it is not installed", _EXTRAS) from None
    except (OSError, RuntimeError) as error:
        if begun:
            raise
        what = f"样例系统没有启动 the sample systems did not start: {type(error).__name__}"
        raise Problem("systems_not_started", what, "is loopback there, are ports free, is /tmp full?") from None


def _code() -> str:
    """A hash of the sample's writer: equal means that it would write the same again. Raises ``Problem``."""
    try:
        import samples
    except ImportError:
        raise Problem("samples_missing", "the sample writer is not installed", _EXTRAS) from None
    writer = Path(samples.__file__).parent
    return _hashed(writer, (path for path in writer.glob("*.py")))


def _is_ours(home: Home, code: str) -> bool:
    stamp = home.root / "sample.stamp"
    return (home.root / "sample").exists() and stamp.exists() and stamp.read_text() == code


def _write(home: Home, sample: Path) -> None:
    """Write the sample aside, then put it in place, whole. Raises ``Problem`` where another one was landed here."""
    from samples import write_world

    report("writing", 0, 1)
    with TemporaryDirectory(dir=home.root, prefix="sample.") as aside:
        written = Path(aside) / "sample"
        write_world(written)
        if not sample.exists():
            written.rename(sample)
        elif _hashed(written, written.rglob("*")) != _hashed(sample, sample.rglob("*")):
            # What was landed stays landed: two worlds in one home would be true together of nothing.
            raise Problem(
                "sample_changed",
                f"{sample} 是另一版样例，已入库的报送不能更换。The sample's code has changed since.",
                f"rm -r {home.root}    # then: jinguo demo",
            )
    report("writing", 1, 1)


def _hashed(folder: Path, paths: Collection[Path] | Generator[Path, None, None]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
