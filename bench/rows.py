"""What every measure yields, and how a long one shows life."""

import sys

Measured = tuple[str, str, float, float | None]
"""What was measured, how it is shown, its value, and the target that it must not exceed, if any."""


def counted(what: str, done: int, total: int) -> None:
    """Say on a terminal how far something is; nothing where nobody watches."""
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        print(f"\r… {what} {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)
