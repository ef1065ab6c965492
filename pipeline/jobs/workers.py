"""Who does the work: one thread at a time for a host, one process for each core.

Politeness holds by construction: a host's work is a queue, and a thread that
takes the host works the queue off alone. Reading pages is computing, so it
goes to processes; what they read they get and return by value.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing.context import SpawnContext
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


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


def available_cores() -> int:
    """Return how many cores this process may use; a container may give it fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def start_readers(
    initializer: Callable[..., object],
    arguments: tuple[object, ...],
    *,
    processes: int | None = None,
) -> ProcessPoolExecutor:
    """Return a pool of processes that end with this one, however it ends.

    Args:
        initializer: called once in each process.
        arguments: for it.
        processes: how many, started when needed; None: one for each core.
    """
    # Not fork: threads are running. Not forkserver: its children's CPU time would
    # be missing from what the system says this program used.
    context = multiprocessing.get_context("spawn")
    start = partial(_start_reader, initializer, arguments)
    return _uncut(partial(_Readers, processes or available_cores(), context, initializer=start))


class _Readers(ProcessPoolExecutor):
    """A pool whose processes start whole and do not hear Ctrl-C, which is the parent's."""

    def __init__(
        self, processes: int, context: SpawnContext, *, initializer: Callable[[], object]
    ) -> None:
        super().__init__(processes, context, initializer=initializer)
        self._most = processes

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if len(self._processes) >= self._most:  # none is started
            return super().submit(fn, *args, **kwargs)
        return _uncut(partial(super().submit, fn, *args, **kwargs))


def _uncut(work: Callable[[], T]) -> T:
    """Do work that Ctrl-C must not cut in two.

    KeyboardInterrupt is raised in the main thread only, so it is done in another one.
    That one has the signal blocked, for Ctrl-C is sent to the whole group of processes,
    and a process is born with the signals blocked that are blocked where it is started.
    """
    block = partial(signal.pthread_sigmask, signal.SIG_BLOCK, {signal.SIGINT})
    with ThreadPoolExecutor(1, initializer=block) as thread:
        return thread.submit(work).result()


def _start_reader(initializer: Callable[..., object], arguments: tuple[object, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    initializer(*arguments)


def _end_with_parent() -> None:
    # After kill -9 of the parent a pool's processes would wait for ever: each
    # holds both ends of the queue, so none ever sees it close.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
