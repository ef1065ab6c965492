"""When a host may be asked: one request at a time, and a gap between two.

The gap is counted from start to start, which is what a host sees; a request that takes longer
than the gap is followed at once, never overlapped. A host is its name without port, since the
load falls on a machine; ``www.`` is dropped, since it is nearly always the same one. Other
subdomains count as hosts of their own: they may well be, and the languages of an outlet would
otherwise queue behind each other.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import inf
from urllib.parse import urlsplit

from pipeline.web.clock import Clock, utc_now
from pipeline.web.locks import HostLocks

#: Seconds after which a thread that waits for another looks whether the run is ending.
_LOOK_UP = 0.2


class StoppedError(Exception):
    """The run is ending and no turn will come. No failure of any address."""


@lru_cache(maxsize=256)  # of one address it is asked some eight times in a row
def host_of(url: str) -> str:
    """Return the host that a request for ``url`` burdens; empty if it names none.

    >>> host_of("https://www.Example.org:8443/a"), host_of("http://127.0.0.2:8800/")
    ('example.org', '127.0.0.2')
    >>> host_of("https://xəbər.example/"), host_of("https://xn--xbr-dtbb.example/")
    ('xn--xbr-dtbb.example', 'xn--xbr-dtbb.example')
    """
    try:
        name = urlsplit(url).hostname or ""
        if not name.isascii():
            name = name.encode("idna").decode()
    except ValueError:  # no address, or no name
        return ""
    return name.rstrip(".").removeprefix("www.")


@dataclass(slots=True)
class _Host:
    turn: threading.Lock = field(default_factory=threading.Lock)
    started: float = -inf  # the last request, on the monotonic clock
    closed_until: float = -inf


class Pacer:
    """Deals out turns, host by host; one for a run, shared by its threads.

    ``clock`` is monotonic seconds, ``sleep`` waits so many of them or until `stop`, and ``now``
    is the wall clock by which hosts name a moment. ``locks`` are shared with other processes.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        now: Clock = utc_now,
        locks: HostLocks | None = None,
    ) -> None:
        self._clock = clock
        self._now = now
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._locks = locks or HostLocks(None)
        self._hosts: dict[str, _Host] = {}
        self._changes = threading.Lock()

    @contextmanager
    def turn(self, host: str, *, gap: float) -> Iterator[None]:
        """Wait until ``host`` is free and ``gap`` seconds after the last start; hold it meanwhile.

        Not to be nested for one host. Raises StoppedError if the run ends before the turn comes.
        """
        state = self._host(host)
        self._enter(state)
        try:
            while (wait := self._wait(state, gap)) > 0:
                self._pause(wait)
            with self._locks.hold(host, gap=gap, wait=self._pause):
                state.started = self._clock()
                yield
        finally:
            state.turn.release()

    def wait_until(self, host: str, moment: datetime) -> None:
        """Note that ``host`` asked not to be asked before ``moment``."""
        until = self._clock() + (moment - self._now()).total_seconds()
        state = self._host(host)
        with self._changes:
            state.closed_until = max(state.closed_until, until)

    def closed_for(self, host: str) -> float:
        """Return for how many seconds ``host`` is not to be asked: 0 if it may.

        A turn would wait as long, which may be a day: who cannot, asks here first.
        """
        return max(0.0, self._host(host).closed_until - self._clock())

    def stop(self) -> None:
        """Make all who wait for a turn, now or later, raise StoppedError."""
        self._stopped.set()

    def _host(self, host: str) -> _Host:
        with self._changes:
            return self._hosts.setdefault(host, _Host())

    def _enter(self, state: _Host) -> None:
        self._go_on()
        while not state.turn.acquire(timeout=_LOOK_UP):
            self._go_on()

    def _wait(self, state: _Host, gap: float) -> float:
        return max(state.started + gap, state.closed_until) - self._clock()

    def _pause(self, seconds: float) -> None:
        self._sleep(seconds)
        self._go_on()

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise StoppedError
