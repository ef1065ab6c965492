"""What is seen while waiting: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline.cli.output import write_line

if TYPE_CHECKING:
    from pipeline.jobs.collect import Progress as Collected

#: Seconds between two lines in a log.
LINE_EVERY = 10.0

Step = Callable[[int, int, str], None]  # done, of how many, and what else there is to say


@contextmanager
def shown(title: str, *, out: TextIO | None = None) -> Iterator[Step]:
    """Show how far a job is; yield the function that is told so."""
    stream = out or sys.stderr
    if stream.isatty():
        with _bar(stream) as bar:
            task = bar.add_task(title, total=None, note="")
            yield lambda done, total, note: bar.update(task, completed=done, total=total, note=note)
    else:
        yield _Lines(title, stream)


def collected(step: Step) -> Callable[[Collected], None]:
    """Return what tells ``step`` how far a collecting run is."""

    def tell(so_far: Collected) -> None:
        note = (
            f"feeds {so_far.feeds_done} of {so_far.feeds}, "
            f"new articles {so_far.stored}, feeds failed {so_far.feeds_failed}"
        )
        done = so_far.feeds_done + so_far.pages_done
        step(done, so_far.feeds + so_far.pages, note)

    return tell


def _bar(stream: TextIO) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
        console=Console(file=stream),
    )


class _Lines:
    """A plain line at the end and every `LINE_EVERY` seconds."""

    def __init__(self, title: str, stream: TextIO) -> None:
        self._title = title
        self._stream = stream
        self._last = monotonic()

    def __call__(self, done: int, total: int, note: str) -> None:
        now = monotonic()
        if now - self._last >= LINE_EVERY:
            self._last = now
            end = f"; {note}" if note else ""
            write_line(f"{self._title}: {done} of {total}{end}", to=self._stream)
