"""What a sample system can be told to do wrong for its next requests: what a pull must survive or report."""

from collections import deque
from collections.abc import Container
from threading import Event, Lock

HTTP_FAULTS = {
    "429": "too many requests, Retry-After 1 s",
    "500": "internal error",
    "cut": "the connection ends in the middle of a body",
    "stall": "half of a body, then silence",
    "trickle": "a body byte by byte",
    "length": "a Content-Length that is too short for the body",
    "redirect": "a redirect to another host",
    "error": "HTTP 200 with an error code in the body",
    "expired": "the token is not valid any more",
    "shift": "what is listed changes between two pages",
}
SFTP_FAULTS = {
    "cut": "the connection ends in the middle of a file",
    "stall": "half of a file, then silence",
    "trickle": "a file byte by byte",
    "vanish": "the server is gone in the middle of a listing",
}
OBJECT_FAULTS = {name: HTTP_FAULTS[name] for name in ("429", "500", "cut", "stall")}
TRICKLE_SECONDS, STALL_SECONDS = 0.05, 600.0


class Faults:
    """The misbehaviour of one system that is still to come, first in, first out; safe to use from any thread."""

    def __init__(self) -> None:
        self._coming: deque[str] = deque()
        self._lock = Lock()
        self._is_over = Event()

    def order(self, fault: str, times: int = 1) -> None:
        """Let the next ``times`` requests that can go wrong in this way go wrong."""
        with self._lock:
            self._coming.extend([fault] * times)

    def take(self, possible: Container[str]) -> str | None:
        """Return the next fault if a request that can go wrong in the ``possible`` ways is to have it now."""
        with self._lock:
            return self._coming.popleft() if self._coming and self._coming[0] in possible else None

    @property
    def left(self) -> int:
        """How many requests are still to go wrong."""
        with self._lock:
            return len(self._coming)

    def stall(self) -> None:
        """Block this thread until the system is stopped."""
        self._is_over.wait(STALL_SECONDS)

    def end(self) -> None:
        """Let go whoever stalls: the system stops."""
        self._is_over.set()
