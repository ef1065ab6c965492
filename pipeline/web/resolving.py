"""Host names → addresses, in bounded time.

The system's resolver cannot be told how long it may take, nor be stopped. So it is asked in a
thread that is left behind when it does not come back. There are only so many such threads: a
resolver that hangs for all names costs their stacks and no more, and everybody is told in time
that there is no answer. Connections are kept alive, so a name is asked for about once in a
run, and nothing is remembered here.
"""

import queue
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

#: A family and an address of it, as `socket.socket.connect` takes it.
Target = tuple[int, tuple[Any, ...]]
_Answer = list[Target] | OSError

#: Names asked for at once by the process: those of all hosts of a run, and as many left behind.
_LOOKUPS = threading.BoundedSemaphore(64)
#: Seconds after which one who waits looks whether the run is ending.
_LOOK_UP = 0.2


def resolve(host: str, port: int, *, seconds: float, is_over: Callable[[], bool]) -> list[Target]:
    """Return the addresses of ``host``, best first.

    Raises:
        socket.gaierror: it has none, or none was told within ``seconds`` or before the run
            ``is_over``.
    """
    ends = monotonic() + seconds
    answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
    if _LOOKUPS.acquire(timeout=seconds):
        looking = threading.Thread(target=_look_up, args=(host, port, answers), daemon=True)
        looking.start()
    while (left := ends - monotonic()) > 0 and not is_over():
        with suppress(queue.Empty):
            answer = answers.get(timeout=min(left, _LOOK_UP))
            if isinstance(answer, OSError):
                raise answer
            return answer
    raise socket.gaierror(socket.EAI_AGAIN, "the resolver did not answer in time")


def _look_up(host: str, port: int, answers: "queue.SimpleQueue[_Answer]") -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answers.put([(family, address) for family, _, _, _, address in found])
    except OSError as error:
        answers.put(error)
    except ValueError as error:  # a label that IDNA refuses, a NUL
        answers.put(socket.gaierror(socket.EAI_NONAME, str(error)))
    finally:
        _LOOKUPS.release()
