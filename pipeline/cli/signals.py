"""Ctrl-C and SIGTERM: the first one ends in order what is at work, the second one at once."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:  # it is not there at run time
    from sys import UnraisableHookArgs

#: The exit code; 128 and SIGINT, as shells have it.
INTERRUPTED = 130

#: What is said at the end, unless a command knows better: see `say_at_end`.
FAREWELL = "solidarity: interrupted; the next run goes on from here"

_last_words = [FAREWELL]

#: Seconds; an end that takes longer is announced.
PATIENCE = 0.5

#: Seconds until an interrupt that got lost is raised again.
_ONCE_MORE = 0.01

_ANNOUNCEMENT = "solidarity: stopping; a second Ctrl-C ends at once"

#: Before a line on a terminal: a progress bar has hidden the cursor and left it in its own line.
_AFTER_BAR = "\x1b[?25h\n"


def say_at_end(line: str) -> None:
    """Let the program say this, if it is interrupted from now on."""
    _last_words[0] = f"solidarity: interrupted; {line}"


def last_words() -> str:
    """Return what an interrupted program says at its end."""
    return _last_words[0]


def end_at_once() -> None:
    """Let a signal end the program with a line and 130, whatever it is doing."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    _listen(_end_now)


def end_in_order() -> None:
    """Let the first signal raise KeyboardInterrupt in the main thread; a second one ends at once.

    If the program is still there after `PATIENCE`, it says so.
    """
    # Inherited by the process that tidies up after ours: at an end at once it would complain.
    sys.warnoptions.append("ignore:resource_tracker:UserWarning")
    sys.unraisablehook = _unraisable
    _listen(_begin_to_end)


def _listen(handler: Callable[[int, FrameType | None], NoReturn]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        # A shell script's background job is started with Ctrl-C ignored: it is not meant.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _begin_to_end(_number: int, _frame: FrameType | None) -> NoReturn:
    _listen(_end_now)
    # Not a thread: it cannot be started safely wherever the signal found us.
    _ring(_announce, PATIENCE)
    raise KeyboardInterrupt


def _ring(handler: Callable[[int, FrameType | None], None], seconds: float) -> None:
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _unraisable(lost: "UnraisableHookArgs") -> None:
    # A signal may find us where Python drops what is raised: in what cleans up after an object.
    if issubclass(lost.exc_type, KeyboardInterrupt):
        _ring(_begin_to_end, _ONCE_MORE)
    else:
        sys.__unraisablehook__(lost)


def _announce(_number: int, _frame: FrameType | None) -> None:
    _write(_ANNOUNCEMENT)


def _end_now(_number: int, _frame: FrameType | None) -> NoReturn:
    _write(last_words())
    os._exit(INTERRUPTED)


def _write(line: str) -> None:
    # Past Python's own stderr, which may be in the middle of a line.
    before = _AFTER_BAR if os.isatty(2) else ""
    with suppress(OSError):  # nobody listens any more
        os.write(2, f"{before}{line}\n".encode())
