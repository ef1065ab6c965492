"""A pile of pages → what each says: lines of JSON in, lines of JSON out, in the same order.

A line that comes is ``{"id", "url", "html"}``, or ``html_b64`` with the bytes of a page that is
not UTF-8, headers unknown. It goes to a process as it is: to take it apart would keep the one
process busy that all others wait for.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pipeline.jobs.lines import BROKEN, Answer, Line, PageContext, give_up, read_line
from pipeline.jobs.pile_files import Pile
from pipeline.jobs.readers import LOOK_UP
from pipeline.jobs.workers import available_cores, start_readers

#: Lines that wait for each process: so many that one slow page keeps no other process waiting.
_AHEAD = 16
#: Bytes of all of them, whatever their number.
_AHEAD_BYTES = 256_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PileReport:
    """What became of the lines of a pile."""

    read: int
    rejected: Mapping[str, int]  # by reason, the most frequent first

    @property
    def pages(self) -> int:
        """How many lines there were."""
        return self.read + sum(self.rejected.values())

    @property
    def broken(self) -> int:
        """How many of them held no page."""
        return self.rejected.get(BROKEN, 0)


Read = Callable[[Line, PageContext], Answer]

#: Told how many bytes of how many are read, and what came of the lines so far.
Show = Callable[[int, int, PileReport], None]


def extract_pile(  # noqa: PLR0913 - what it needs, each by its name
    pile: Pile,
    write: Callable[[bytes], object],
    context: PageContext,
    *,
    processes: int | None = None,
    read: Read = read_line,
    show: Show = lambda _done, _all, _report: None,
) -> PileReport:
    """Read all pages of a pile.

    Args:
        pile: where they are.
        write: takes what is written for each line, in their order.
        context: what is known of all of them.
        processes: how many read; None: one for each core.
        read: what they do with a line.
        show: told after each line.
    """
    processes = processes or available_cores()
    reasons: Counter[str | None] = Counter()
    with _Readers(read, context, processes) as readers:
        for answer in _answers(pile, readers, most=_AHEAD * processes):
            write(answer.written)
            reasons[answer.reason] += 1
            show(pile.position, pile.size, _report(reasons))
    return _report(reasons)


def _report(reasons: Counter[str | None]) -> PileReport:
    rejected = {reason: count for reason, count in reasons.most_common() if reason is not None}
    return PileReport(read=reasons[None], rejected=rejected)


def _answers(lines: Iterable[Line], readers: "_Readers", *, most: int) -> Iterator[Answer]:
    """Yield the answers in the order of the lines, of which so many are in work at a time."""
    waiting: deque[tuple[Line, Future[Answer]]] = deque()
    size = 0
    for line in lines:
        waiting.append((line, readers.submit(line)))
        size += len(line.raw)
        while waiting and (len(waiting) >= most or size > _AHEAD_BYTES or waiting[0][1].done()):
            first, future = waiting.popleft()
            size -= len(first.raw)
            yield readers.answer(first, future)
    for line, future in waiting:
        yield readers.answer(line, future)


class _Readers:
    """The processes that read; a line that kills one costs only itself.

    A process that dies takes all lines with it that the others have in hand. They are read
    again one at a time, so that the one that kills is known.
    """

    def __init__(self, read: Read, context: PageContext, processes: int) -> None:
        self._read = read
        self._context = context
        self._processes = processes
        self._pool = self._start(processes)
        self._lone: ProcessPoolExecutor | None = None

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

    def submit(self, line: Line) -> Future[Answer]:
        """Have a line read."""
        try:
            return self._pool.submit(self._read, line, self._context)
        except BrokenProcessPool:
            self._pool = self._start(self._processes)
            return self._pool.submit(self._read, line, self._context)

    def answer(self, line: Line, future: Future[Answer]) -> Answer:
        """Wait for what a line gave."""
        try:
            return _result(future)
        except BrokenProcessPool:
            alone = self._read_alone(line) or self._read_alone(line)
            return alone or give_up(line, "the process that read it died, twice")

    def _read_alone(self, line: Line) -> Answer | None:
        """Read a line with nothing beside it; None: the process died."""
        self._lone = self._lone or self._start(1)
        try:
            return _result(self._lone.submit(self._read, line, self._context))
        except BrokenProcessPool:
            self._lone = None
            return None

    @staticmethod
    def _start(processes: int) -> ProcessPoolExecutor:
        # numpy: in the readers, and here only for a pile.
        from pipeline.articles.judges import shipped  # noqa: PLC0415

        return start_readers(shipped, (), processes=processes)


def _result(future: Future[Answer]) -> Answer:
    # Who waits for ever is not woken by Ctrl-C, which the system may hand to any thread.
    while not wait([future], timeout=LOOK_UP).done:
        pass
    return future.result()
