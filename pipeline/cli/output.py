"""Lines that outlive their reader.

`solidarity run | head -1` closes the pipe after a line, and the run is not less
wanted for it: what is written from then on goes nowhere, without a word. A stdout
that is closed (`>&-`) has no reader either. One that cannot be written, since its
disk is full, has: that is an error.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TextIO
from unicodedata import category

from pipeline.errors import StoreError

#: Not “printable” to Python, and yet part of words: Persian joins and parts letters with them.
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


class _Stdout(TextIOWrapper):
    """Says of what cannot be written that it is the output, whoever writes it.

    Not the file below the buffer does: a signal that came between its writing and the
    buffer's note of that would have the same written again.
    """

    def write(self, text: str, /) -> int:
        with _as_output():
            return super().write(text)

    def flush(self) -> None:
        with _as_output():
            super().flush()


@contextmanager
def _as_output() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StoreError(f"cannot write the output: {error.strerror}") from error


def prepare_streams() -> None:
    """Let no run fail for a stream that is closed, or for a letter that a locale has not.

    From then on a stdout that cannot be written raises a StoreError.
    """
    _open_closed()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout = _Stdout(
            BufferedWriter(FileIO(sys.stdout.fileno(), "w", closefd=False)),
            sys.stdout.encoding,
            errors="replace",
            line_buffering=sys.stdout.line_buffering,
        )
    if isinstance(sys.stderr, TextIOWrapper):
        sys.stderr.reconfigure(errors="replace")


#: The numbers of stdin, stdout and stderr.
_STREAMS = range(3)


def _open_closed() -> None:
    # Also lest a file of ours gets the number, and with it what is meant for the stream.
    while (number := os.open(os.devnull, os.O_RDWR)) in _STREAMS:
        pass
    os.close(number)
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def write_line(text: str, *, to: TextIO | None = None) -> None:
    """Write a line to a stream (stdout), at once.

    Raises:
        StoreError: stdout cannot be written, though it has a reader.
    """
    stream = to or sys.stdout
    try:
        print(text, file=stream, flush=True)
    except OSError:  # of stdout a broken pipe; where nobody hears us, there is nothing to say
        silence(stream)


def silence(stream: TextIO) -> None:
    """Let all that is still written to a stream go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def plain(text: str) -> str:
    r"""Return the text with a replacement character for all that could steer a terminal.

    >>> plain("31\N{NO-BREAK SPACE}декабря\x1b[2J")
    '31\xa0декабря\ufffd[2J'
    """
    return "".join(one if _is_harmless(one) else "\N{REPLACEMENT CHARACTER}" for one in text)


def _is_harmless(one: str) -> bool:
    return one.isprintable() or one == "\n" or one in _JOINERS or category(one) == "Zs"
