"""Lines that outlive their reader.

`solidarity run | head -1` closes the pipe after a line, and the run is not less
wanted for it: what is written from then on goes nowhere, without a word.
"""

import os
import sys
from typing import TextIO
from unicodedata import category

#: Not “printable” to Python, and yet part of words: Persian joins and parts letters with them.
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


def write_line(text: str, *, to: TextIO | None = None) -> None:
    """Write a line to a stream (stdout), at once."""
    stream = to or sys.stdout
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
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
