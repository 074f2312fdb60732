"""Replay one sender under a changed spec in a process of its own: prints CPU and wall seconds as JSON.

Run as ``python -m bench.replayed HOME SENDER``: ``jinguo nightly --replay --sender SENDER --yes``, where since the last
night the sender has got a TOML that says what one of its words means.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from pathlib import Path

_BEGAN = time.time() - time.process_time()
_SPEC = '[codes.activity_kind]\nsafety_talk = ["走访排查", "安全知识讲解"]\n'


def main() -> None:
    """Run the command and print what it cost."""
    os.environ["JINGUO_HOME"], sender = sys.argv[1:]
    from bench.measured import cpu_seconds
    from ingest.spec import SpecBook

    with tempfile.TemporaryDirectory(prefix="jinguo-bench-senders-") as folder:
        spec = Path(folder, sender, "care_activities.toml")
        spec.parent.mkdir()
        spec.write_text(_SPEC, encoding="utf-8")
        # the senders of this bench have no folder in the package, and no bench writes there
        SpecBook.__init__.__defaults__ = (Path(folder),)
        code, said = _run("nightly", "--replay", "--sender", sender, "--yes")
    if code not in (0, 3):
        print(said, file=sys.stderr)
        raise SystemExit(code)
    print(json.dumps({"cpu_s": cpu_seconds(), "wall_s": time.time() - _BEGAN}))


def _run(*words: str) -> tuple[int, str]:
    from orchestration.cli import main as jinguo

    sys.argv = ["jinguo", *words]
    said, code = io.StringIO(), 0
    with contextlib.redirect_stdout(said):
        try:
            jinguo()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return code, said.getvalue()


if __name__ == "__main__":
    main()
