"""The registry of what can go wrong with a pull: every code of ``PullFailed``, and what an operator should do."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Failure:
    """One way in which a pull fails. ``zh`` and ``advice_zh`` are for county staff, ``en`` for engineers."""

    code: str
    zh: str
    en: str
    advice_zh: str


def _registry() -> dict[str, Failure]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {code: Failure(code, **facts) for code, facts in tomllib.loads(text).items()}


FAILURES: dict[str, Failure] = _registry()
