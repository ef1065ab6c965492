"""The processes that read pages, kept going whatever a page does to them."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from types import TracebackType
from typing import Self, TypeVar

from pipeline.jobs import reading
from pipeline.jobs.reading import ReadingTask
from pipeline.jobs.workers import available_cores, start_readers
from pipeline.model import ReadArticle, Reason, Rejection, Relevance, Topic

#: What a page gave; a Relevance alone means that it is not about the topic.
Result = ReadArticle | Relevance | Rejection

Read = Callable[[ReadingTask], Result]

#: Told what a page gave; an exception is a bug.
Done = Callable[[Result | BaseException], None]


#: Pages that wait for a process; each may be some MB.
READ_AHEAD = 16

#: Seconds after which who waits looks up: the system may hand Ctrl-C to any thread, and one
#: that waits for an event is not woken by it.
LOOK_UP = 0.25

Token = TypeVar("Token")


class Readers:
    """Reads pages in other processes; safe to use from one thread.

    A process that dies takes all pages with it that the pool has in hand. They are
    read again one at a time, so that the page that kills its reader is known: it is
    rejected, and the others are not. ``read`` is what the processes do with a page.
    """

    def __init__(self, topic: Topic, *, read: Read = reading.read_in_process) -> None:
        self._topic = topic
        self._read = read
        self._pool: ProcessPoolExecutor | None = None
        self._lone: ProcessPoolExecutor | None = None  # one process, for one page at a time
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

    def warm_up(self) -> None:
        """Start the processes, which takes them a moment, before there is a page to read."""
        if self._pool is None:
            self._pool = start_readers(reading.start, (self._topic,))
            for _ in range(available_cores()):  # each submission starts one
                self._pool.submit(reading.is_ready)

    def read(self, task: ReadingTask, done: Done) -> None:
        """Read a page and tell ``done``, from another thread; nobody is told after the end."""

        def told(future: Future[Result]) -> None:
            if future.cancelled():
                return
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                # Not in the pool's own thread, which has an end to come to.
                threading.Thread(target=self._read_alone, args=(task, done)).start()
            else:
                done(error or future.result())

        self._submit(task).add_done_callback(told)

    def read_all(
        self, tasks: Iterable[tuple[Token, ReadingTask]]
    ) -> Iterator[tuple[Token, Result]]:
        """Read pages; yield what each gave with its token, in the order in which they are ready.

        Takes as many tasks ahead as keep the processes busy, so that memory does not grow
        with their number.
        """
        results: queue.SimpleQueue[tuple[Token, Result | BaseException]] = queue.SimpleQueue()
        left, ahead = iter(tasks), 0
        while True:
            for token, task in islice(left, READ_AHEAD - ahead):
                self.read(task, partial(_put, results, token))
                ahead += 1
            if not ahead:
                return
            try:
                token_, result = results.get(timeout=LOOK_UP)
            except queue.Empty:
                continue
            ahead -= 1
            if isinstance(result, BaseException):
                raise result
            yield token_, result

    def _submit(self, task: ReadingTask) -> Future[Result]:
        for _ in range(2):
            self._pool = self._pool or start_readers(reading.start, (self._topic,))
            try:
                return self._pool.submit(self._read, task)
            except BrokenProcessPool:
                self._pool = None
        raise RuntimeError("a new pool of readers was broken at once")

    def _read_alone(self, task: ReadingTask, done: Done) -> None:
        with self._alone:
            result = self._try_alone(task) or self._try_alone(task)
        detail = "the process that read it died, twice"
        done(result or Rejection(url=task.page.url, reason=Reason.UNREADABLE, detail=detail))

    def _try_alone(self, task: ReadingTask) -> Result | BaseException | None:
        """Read a page with nothing beside it; None: the process died."""
        self._lone = self._lone or start_readers(reading.start, (self._topic,), processes=1)
        try:
            return self._lone.submit(self._read, task).result()
        except BrokenProcessPool:
            self._lone = None
            return None
        except Exception as error:  # noqa: BLE001 - handed over, not swallowed
            return error


def _put(
    results: "queue.SimpleQueue[tuple[Token, Result | BaseException]]",
    token: Token,
    result: Result | BaseException,
) -> None:
    results.put((token, result))
