"""Who asks the hosts: one thread at a time for each.

Politeness holds by construction: a host's work is a queue, and a thread that
takes the host works the queue off alone.
"""

import threading
from collections import deque
from collections.abc import Callable


class HostQueues:
    """Work dealt out by host; safe to use from many threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queues: dict[str, deque[Callable[[], None]]] = {}
        self._free: deque[str] = deque()
        self._busy: set[str] = set()
        self._closed = False

    def put(self, host: str, work: Callable[[], None]) -> None:
        """Add a piece of work to the end of the host's queue."""
        with self._changed:
            queue = self._queues.setdefault(host, deque())
            if not queue and host not in self._busy:
                self._free.append(host)
                self._changed.notify()
            queue.append(work)

    def close(self) -> None:
        """Let every worker return after the piece in its hand."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def work(self) -> None:
        """Take hosts and work their queues off until closed: the body of a thread."""
        while (host := self._take_host()) is not None:
            while (work := self._next_of(host)) is not None:
                work()

    def _take_host(self) -> str | None:
        with self._changed:
            while not self._free and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            host = self._free.popleft()
            self._busy.add(host)
            return host

    def _next_of(self, host: str) -> Callable[[], None] | None:
        with self._changed:
            queue = self._queues[host]
            if self._closed or not queue:
                self._busy.discard(host)
                return None
            return queue.popleft()
