"""Where things lie: the one place that knows the layout of ``JINGUO_HOME``."""

import os
from dataclasses import dataclass
from pathlib import Path

from ingest.durable import make_directory


@dataclass(frozen=True)
class Home:
    """The folder of one installation; ``root`` is absolute."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """The home named by ``JINGUO_HOME``; ``var`` in the working directory where it is unset or empty."""
        return cls(Path(os.environ.get("JINGUO_HOME") or "var").expanduser().absolute())

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def objects(self) -> Path:
        return self.landing / "objects"

    @property
    def receipts(self) -> Path:
        return self.landing / "receipts"

    @property
    def decisions(self) -> Path:
        """What persons decided about held deliveries; never derived from anything, so it lies beside the receipts."""
        return self.landing / "decisions"

    @property
    def staging(self) -> Path:
        """Half-written objects and receipts; anything left here is rubbish of a killed writer."""
        return self.landing / "staging"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.sqlite"

    @property
    def clean(self) -> Path:
        return self.root / "clean"

    @property
    def rejects(self) -> Path:
        return self.root / "rejects"

    @property
    def findings(self) -> Path:
        return self.root / "findings"

    @property
    def deliveries(self) -> Path:
        return self.root / "deliveries"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def warm(self) -> Path:
        """What the build behind the served release left for the next refresh; holds tokens, and can always go."""
        return self.root / "warm"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def current(self) -> Path:
        return self.root / "current"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def lock(self) -> Path:
        return self.root / "night.lock"

    def prepare(self) -> None:
        """Create every folder that is missing, whatever the umask.

        Landing and keys are for the operator alone; tokens (clean, rejects, findings, build) for its group at most;
        ``root`` and ``releases`` can be walked through by the readers of marts. Landing is narrowed again if somebody
        widened it; keys are not: a widened key folder must be looked at, so ``Keyring.open`` refuses it.
        """
        for path in (self.root, self.releases):
            make_directory(path, 0o755)
        for path in (self.inbox, self.clean, self.rejects, self.findings, self.deliveries, self.build):
            make_directory(path, 0o750)
        for path in (
            self.landing,
            self.objects,
            self.receipts,
            self.decisions,
            self.staging,
            self.keys,
            self.dagster,
        ):
            make_directory(path, 0o700)
        if self.landing.stat().st_mode & 0o077:
            self.landing.chmod(0o700)
