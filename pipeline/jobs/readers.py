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
from pipeline.jobs.pools import LOOK_UP, SafePool, available_cores, start_readers
from pipeline.jobs.reading import ReadingTask
from pipeline.model import ReadArticle, Reason, Rejection, Relevance, Topic

#: What a page gave; a Relevance alone means that it is not about the topic.
Result = ReadArticle | Relevance | Rejection

Read = Callable[[ReadingTask], Result]

#: Told what a page gave; an exception is a bug.
Done = Callable[[Result | BaseException], None]


#: Pages that wait for a process; each may be some MB.
READ_AHEAD = 16

Token = TypeVar("Token")


class Readers:
    """Reads pages in other processes; safe to use from one thread.

    A page that kills its reader is rejected, and no other. ``read`` is what the processes do
    with a page.
    """

    def __init__(self, topic: Topic, *, read: Read = reading.read_in_process) -> None:
        def start(processes: int) -> ProcessPoolExecutor:
            return start_readers(reading.start, (topic,), processes=processes)

        self._pool = SafePool(read, start, available_cores())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.__exit__(kind, error, traceback)

    def warm_up(self) -> None:
        """Start the processes, which takes them a moment, before there is a page to read."""
        self._pool.warm_up(reading.is_ready)

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

        self._pool.submit(task).add_done_callback(told)

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

    def _read_alone(self, task: ReadingTask, done: Done) -> None:
        detail = "the process that read it died, twice"
        died = Rejection(url=task.page.url, reason=Reason.UNREADABLE, detail=detail)
        try:
            done(self._pool.alone(task) or died)
        except Exception as error:  # noqa: BLE001 - handed over, not swallowed
            done(error)


def _put(
    results: "queue.SimpleQueue[tuple[Token, Result | BaseException]]",
    token: Token,
    result: Result | BaseException,
) -> None:
    results.put((token, result))
