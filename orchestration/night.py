"""What the steps of one night share: the home, the keys, the lock, and the candidate."""

import datetime as dt
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from ingest.home import Home
from ingest.keys import Keyring
from orchestration import last_night
from orchestration.instance import settle
from orchestration.lock import WAIT_SECONDS, night_lock
from orchestration.problems import OPERATOR_LOG, Problem, note
from orchestration.refresh.refresh import Made
from warehouse.candidate import create
from warehouse.releases import Release


class Night(dg.ConfigurableResource):
    """One night: holds the lock from its first step to its last, whoever started it (schedule, server, command).

    ``wait_seconds`` is how long it waits for another night to end before it gives up.
    """

    wait_seconds: float = WAIT_SECONDS
    # Whether to build the whole warehouse, or to refresh what changed where that says the same.
    from_nothing: bool = True
    # Which systems this run pulls: all where None, else those of these senders or kinds of systems.
    pulls: list[str] | None = None
    _home: Home = PrivateAttr()
    _keyring: Keyring = PrivateAttr()
    _started_at: dt.datetime = PrivateAttr()
    _candidate: Path | None = PrivateAttr(default=None)
    _made: Made | None = PrivateAttr(default=None)
    _open: ExitStack = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Night"]:
        """Open home and keys, take the lock, and keep it while the run lasts."""
        home = self._home = Home.from_environment()
        settle(home)
        self._keyring = Keyring.open(home)
        with night_lock(home, self.wait_seconds), ExitStack() as self._open:
            self._started_at = dt.datetime.now(dt.UTC)
            last_night.write(home, "running", at=self._started_at.isoformat(timespec="seconds"), run=context.run_id)
            try:
                yield self
            finally:
                with suppress(OSError):  # a full disk: the failed step is what must be told, and not this note
                    if last_night.read(home)["state"] == "running":
                        last_night.write(home, "failed")

    @property
    def home(self) -> Home:
        """The home of this night."""
        return self._home

    @property
    def keyring(self) -> Keyring:
        """The keys of this night's home."""
        return self._keyring

    @property
    def started_at(self) -> dt.datetime:
        """When the lock was ours, UTC: the arrival of everything that this night lands."""
        return self._started_at

    def run_name(self, run_id: str) -> str:
        """The name of this night's candidate and release: when it began, and which run it was."""
        return f"{self._started_at:%Y%m%dT%H%M%SZ}-{run_id[:8]}"

    @property
    def candidate(self) -> Path:
        """The folder that this night builds in; raises ``Problem`` no_candidate where no step has built one."""
        if self._candidate is None:
            raise self._nothing_built()
        return self._candidate

    @property
    def made(self) -> Made:
        """What the candidate is; raises ``Problem`` no_candidate where no step has built one."""
        if self._made is None:
            raise self._nothing_built()
        return self._made

    def opened(self, made: Made) -> None:
        """Note that what was made is still open: it is closed when this night ends, well or not."""
        self._open.callback(made.end)

    def built(self, made: Made) -> None:
        """Note what the candidate is, now that it is whole and passed its tests."""
        self._made = made

    def keep(self, served: Release) -> None:
        """Keep what the next refresh needs: ``served`` is what was made.

        What is still open is written beside the end of the run, which does not wait for it; the next refresh does.
        """
        keeping = Thread(target=self._keep, args=[self._open.pop_all(), self.made, served])
        keeping.start()
        if not self.made.closing:
            keeping.join()

    def _keep(self, still_open: ExitStack, made: Made, served: Release) -> None:
        try:
            with still_open:
                made.keep(self._home, served)
        except (duckdb.Error, OSError, Problem) as error:
            # The engine's own message can quote a value.
            note(self._home, OPERATOR_LOG, f"the next refresh is not possible: {type(error).__name__}")

    def begin(self, run_id: str) -> Path:
        """Return the new, empty folder that this night builds in."""
        self._candidate = create(self._home.build, self.run_name(run_id))
        return self._candidate

    def _nothing_built(self) -> Problem:
        return Problem("no_candidate", "this run built no warehouse", "run the whole job: jinguo nightly")
