"""Processes, one for each core: reading pages is computing, and a page may kill who reads it.

What they work on they get and return by value.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.context import SpawnContext
from types import TracebackType
from typing import Generic, ParamSpec, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds after which who waits looks up: the system may hand Ctrl-C to any thread, and one
#: that waits for an event is not woken by it.
LOOK_UP = 0.25


class SafePool(Generic[P, T]):
    """Processes that do ``work`` on tasks; a task that kills its process costs only itself.

    A process that dies takes all tasks with it that the others have in hand. They are to be
    done again, each `alone`, so that the one that kills is known.
    """

    def __init__(
        self, work: Callable[P, T], start: Callable[[int], ProcessPoolExecutor], processes: int
    ) -> None:
        """``start`` returns a pool of so many processes."""
        self._work = work
        self._start = start
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._lone: ProcessPoolExecutor | None = None  # one process, for one task at a time
        self._alone = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for pool in (self._pool, self._lone):
            if pool:
                pool.shutdown(cancel_futures=True)

    def warm_up(self, ready: Callable[[], object]) -> None:
        """Start all processes, which takes them a moment; each does ``ready``."""
        if self._pool is None:
            self._pool = self._start(self._processes)
            for _ in range(self._processes):  # each submission starts one
                self._pool.submit(ready)

    def submit(self, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a task done, beside others; not safe to use from several threads."""
        for _ in range(2):
            self._pool = self._pool or self._start(self._processes)
            try:
                return self._pool.submit(self._work, *args, **kwargs)
            except BrokenProcessPool:
                self._pool = None
        raise RuntimeError("a new pool of processes was broken at once")

    def alone(self, *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Do a task with nothing beside it; None: its process died, twice."""
        with self._alone:
            for _ in range(2):
                self._lone = self._lone or self._start(1)
                try:
                    return result_of(self._lone.submit(self._work, *args, **kwargs))
                except BrokenProcessPool:
                    self._lone = None
        return None


def result_of(future: Future[T]) -> T:
    """Wait for what a task gave, and hear Ctrl-C meanwhile."""
    while not wait([future], timeout=LOOK_UP).done:
        pass
    return future.result()


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
