"""Reads workbooks in a process of its own, so that a file that kills the reader takes nothing else with it."""

import contextlib
import json
import os
import select
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import polars as pl

from ingest.reading.grid import Grid
from ingest.reasons import Refused

WALL_SECONDS = 180.0
_ROOT = Path(__file__).resolve().parents[2]
_PIPE = 1 << 20


@dataclass(frozen=True)
class _Child:
    process: subprocess.Popen[bytes]
    requests: IO[bytes]
    answers: IO[bytes]


class WorkbookReader:
    """One reading process for many workbooks, started at the first one and again after each that kills it.

    ``wall_seconds`` is the time one file may take. Use as a context manager: leaving it ends the process.
    """

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def process_id(self) -> int | None:
        """The reading process, None while there is none."""
        return self._child.process.pid if self._child else None

    def grids(self, data: bytes, kind: str, has_errors: bool = True) -> tuple[Grid, ...]:
        """Read every worksheet of ``data`` (``kind`` xlsx or xls) in workbook order.

        Without ``has_errors`` nobody looks for error values in an .xlsx, which spares one unpacking.

        Raises Refused with workbook_damaged, _encrypted, _too_large, _crashed or _timeout.
        """
        request = b"s" if kind == "xls" else b"e" if has_errors else b"x"
        return tuple(_grid(sheet) for sheet in self._ask(request, data))

    def count_xls(self, data: bytes) -> dict[int, int]:
        """Let the framer count an .xls there too: it has no pre-flight that could vouch for its size."""
        return {int(sheet_no): rows for sheet_no, rows in self._ask(b"c", data).items()}

    def _ask(self, request: bytes, data: bytes) -> Any:
        deadline = time.monotonic() + self._wall_seconds
        child = self._started()
        try:
            child.requests.write(struct.pack(">Q", len(data) + 1) + request)
            child.requests.write(data)
            child.requests.flush()
            size = struct.unpack(">Q", _receive(child.answers, 8, deadline))[0]
            answer = json.loads(_receive(child.answers, size, deadline))
        except (BrokenPipeError, EOFError):
            raise Refused("workbook_crashed", detail=f"the process ended with {self._end()}") from None
        except TimeoutError:
            self._end()
            raise Refused("workbook_timeout", detail=f"more than {self._wall_seconds:g} s") from None
        except BaseException:
            self._end()
            raise
        if isinstance(answer, dict) and "refused" in answer:
            raise Refused(answer["refused"])
        return answer

    def _started(self) -> _Child:
        if self._child is None or self._child.process.poll() is not None:
            self._end()
            process = subprocess.Popen(
                [sys.executable, "-m", "ingest.reading.excel_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
            )
            assert process.stdin is not None
            assert process.stdout is not None
            self._child = _Child(process, process.stdin, process.stdout)
        return self._child

    def _end(self) -> int | None:
        """End the process and tell how it ended; nothing of it stays behind."""
        if self._child is None:
            return None
        child, self._child = self._child, None
        child.process.kill()
        code = child.process.wait()
        child.answers.close()
        # What was left to send has no reader any more.
        with contextlib.suppress(BrokenPipeError):
            child.requests.close()
        return code


def _receive(source: IO[bytes], size: int, deadline: float) -> bytes:
    """Exactly ``size`` bytes; raises EOFError when the writer is gone, TimeoutError at the deadline."""
    parts, left = [], size
    while left:
        ready, _, _ = select.select([source], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        part = os.read(source.fileno(), min(left, _PIPE))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _grid(sheet: dict[str, Any]) -> Grid:
    rows = pl.Series("row_no", sheet["rows"], pl.Int32)
    texts, letters = {"row_no": rows}, {"row_no": rows}
    for place, (column, kinds) in enumerate(zip(sheet["columns"], sheet["kinds"], strict=True)):
        texts[f"c{place}"] = pl.Series(column, dtype=pl.String)
        letters[f"c{place}"] = pl.Series(list(kinds), dtype=pl.String)
    return Grid(
        sheet_no=sheet["sheet_no"],
        sheet_name=sheet["name"],
        frame=_emptied(pl.DataFrame(texts), ""),
        kinds=_emptied(pl.DataFrame(letters), "."),
        is_hidden=sheet["is_hidden"],
        merged=tuple((top + 1, left, bottom + 1, right) for top, left, bottom, right in sheet["merged"]),
    )


def _emptied(frame: pl.DataFrame, empty: str) -> pl.DataFrame:
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(text != empty).then(text)) if frame.width > 1 else frame
