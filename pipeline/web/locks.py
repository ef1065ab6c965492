"""Turns across processes: programs at work beside one archive ask its hosts in turn.

One file stands for all hosts, so that nothing from the network is part of a name. Whoever
asks a host holds the lock on one byte of the file, far behind its end, that the host's hash
says; the system frees it when the process dies. At the file's beginning stand the moments
of the last requests.
"""

import fcntl
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

#: Moments that the file has room for. Hosts that meet in one wait for each other's gap,
#: which is seldom, and costs no more than that.
MOMENTS = 4_096
_MOMENT = struct.Struct("<d")  # seconds since 1970

#: Seconds between two looks at a lock that another process holds.
_LOOK = 0.05


class HostLocks:
    """The locks in one file; where there is none, nobody else is at work, and all is free.

    To be used once in a process at a time: the system's locks are those of processes.
    """

    def __init__(self, path: Path | None, *, make: bool = False) -> None:
        """Open the file, made if need be and wished; raises OSError where that cannot be done."""
        self._changes = threading.Lock()
        self._file: int | None = None
        if path is not None and (make or path.exists()):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)

    @contextmanager
    def hold(self, host: str, *, gap: float, wait: Callable[[float], object]) -> Iterator[None]:
        """Hold a host, ``gap`` seconds after another process last asked it.

        ``wait`` waits so many seconds, and raises if there is no point in waiting. A host is
        held by one thread of a process at a time.
        """
        file = self._file
        if file is None:
            yield
            return
        number = int.from_bytes(blake2b(host.encode(), digest_size=7).digest())
        place = number % MOMENTS * _MOMENT.size
        byte = MOMENTS * _MOMENT.size + number
        while not _try(file, byte):
            wait(_LOOK)
        try:
            if gap and (left := _last(file, place) + gap - time.time()) > 0:
                wait(min(left, gap))
            os.pwrite(file, _MOMENT.pack(time.time()), place)
            yield
        finally:
            with self._changes:
                if self._file is not None:  # else closed, and all locks with it
                    fcntl.lockf(file, fcntl.LOCK_UN, 1, byte)

    def close(self) -> None:
        """Let go of the file and of all that is held."""
        with self._changes:
            file, self._file = self._file, None
            if file is not None:
                os.close(file)


def _try(file: int, byte: int) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
    except (BlockingIOError, PermissionError):  # POSIX allows either
        return False
    return True


def _last(file: int, place: int) -> float:
    found = os.pread(file, _MOMENT.size, place)
    return float(_MOMENT.unpack(found)[0]) if len(found) == _MOMENT.size else 0.0
