"""A pile of pages → what each says: lines of JSON in, lines of JSON out, in the same order.

A line that comes is ``{"id", "url", "html"}``, or ``html_b64`` with the bytes of a page that is
not UTF-8, headers unknown. It goes to a process as it is: to take it apart would keep the one
process busy that all others wait for.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from pipeline.jobs.lines import BROKEN, Answer, Line, PageContext, give_up, read_line
from pipeline.jobs.pile_files import Pile
from pipeline.jobs.pools import SafePool, available_cores, result_of, start_readers

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
    with SafePool(read, _start, processes) as readers:
        for answer in _answers(pile, readers, context, most=_AHEAD * processes):
            write(answer.written)
            reasons[answer.reason] += 1
            show(pile.position, pile.size, _report(reasons))
    return _report(reasons)


def _report(reasons: Counter[str | None]) -> PileReport:
    rejected = {reason: count for reason, count in reasons.most_common() if reason is not None}
    return PileReport(read=reasons[None], rejected=rejected)


_Readers = SafePool[[Line, PageContext], Answer]


def _start(processes: int) -> ProcessPoolExecutor:
    # numpy: in the readers, and here only for a pile.
    from pipeline.articles.judges import shipped  # noqa: PLC0415

    return start_readers(shipped, (), processes=processes)


def _answers(
    lines: Iterable[Line], readers: _Readers, context: PageContext, *, most: int
) -> Iterator[Answer]:
    """Yield the answers in the order of the lines, of which so many are in work at a time."""

    def answer(line: Line, future: Future[Answer]) -> Answer:
        try:
            return result_of(future)
        except BrokenProcessPool:
            alone = readers.alone(line, context)
            return alone or give_up(line, "the process that read it died, twice")

    waiting: deque[tuple[Line, Future[Answer]]] = deque()
    size = 0
    for line in lines:
        waiting.append((line, readers.submit(line, context)))
        size += len(line.raw)
        while waiting and (len(waiting) >= most or size > _AHEAD_BYTES or waiting[0][1].done()):
            first, future = waiting.popleft()
            size -= len(first.raw)
            yield answer(first, future)
    for line, future in waiting:
        yield answer(line, future)
