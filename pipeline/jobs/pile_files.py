"""The files of a pile of pages: its lines, and what is written for them.

What goes out is written to a draft beside its file, which takes the file's name at the end. So
a file that is there is whole, and one of an earlier run stays until this one is done.
"""

import gzip
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedIOBase, BufferedReader
from pathlib import Path

from pipeline.charsets import one_line
from pipeline.errors import ConfigError
from pipeline.jobs.lines import Line

#: The name of standard input and output among files.
STANDARD = "-"

#: Bytes of a line. The largest page that is read has nine million, which take three times as
#: many where JSON writes each letter as its number.
LONGEST_LINE = 32_000_000

_GZIP = b"\x1f\x8b"


class Pile:
    """The lines of a file or a pipe, unpacked if it is gzip; empty ones are passed over.

    Where it is damaged it ends, with a line that says so.
    """

    def __init__(self, handle: BufferedReader) -> None:
        self._handle = handle
        self._taken = 0  # bytes, of a pipe
        facts = os.fstat(handle.fileno())
        self._total = facts.st_size if stat.S_ISREG(facts.st_mode) else None

    @property
    def position(self) -> int:
        """How much of it is read, bytes."""
        return self._taken if self._total is None else self._handle.tell()

    @property
    def size(self) -> int:
        """How much there is of it, bytes; of a pipe, how much there was so far."""
        return self._taken if self._total is None else self._total

    def __iter__(self) -> Iterator[Line]:
        number = 0
        try:
            for number, raw in enumerate(_raw_lines(self._unpacked()), 1):
                self._taken += len(raw)
                if len(raw) > LONGEST_LINE:
                    yield Line(number, b"", f"is longer than {LONGEST_LINE:,} bytes")
                elif raw.strip():
                    yield Line(number, raw)
        except EOFError:
            yield Line(number + 1, b"", "is cut short, and so is the file")
        except (OSError, zlib.error) as error:
            yield Line(number + 1, b"", f"cannot be read: {one_line(str(error))}")

    def _unpacked(self) -> BufferedIOBase:
        if self._handle.peek(len(_GZIP)).startswith(_GZIP):
            return gzip.GzipFile(fileobj=self._handle)
        return self._handle


def _raw_lines(lines: BufferedIOBase) -> Iterator[bytes]:
    """Yield each line; of one that is too long only as much as shows it."""
    while raw := lines.readline(LONGEST_LINE + 1):
        yield raw
        while len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            raw = lines.readline(LONGEST_LINE + 1)


@contextmanager
def opened_pile(name: str) -> Iterator[Pile]:
    """Open the file of that name, or standard input as `STANDARD`.

    Raises:
        ConfigError: it cannot be read.
    """
    is_file = name != STANDARD
    try:
        handle = open(name if is_file else 0, "rb", closefd=is_file)  # noqa: SIM115
    except OSError as error:
        raise ConfigError(f"cannot read {name}: {error.strerror or error}") from error
    with handle:
        yield Pile(handle)


@contextmanager
def written_pile(name: str, *, source: str) -> Iterator[Callable[[bytes], None]]:
    """Yield what writes to the file of that name, or to standard output as `STANDARD`.

    A name that ends in .gz is packed. The file is there at the end; if it comes to none, all
    is as it was. A pipe or a device is written to at once.

    Args:
        name: of the file.
        source: of the file that is read, which must be another one.

    Raises:
        ConfigError: it cannot be written.
    """
    if name == STANDARD:
        yield _to_stdout()
        return
    path = Path(name).resolve()  # a symbolic link stays one
    if source != STANDARD and path == Path(source).resolve():
        raise ConfigError(f"--out: {name} is the file that is read")
    draft = _Draft(path, name)
    try:
        draft.open()
        yield draft.write
        draft.finish()
    except BaseException:
        draft.drop()
        raise


def _to_stdout() -> Callable[[bytes], None]:
    # As it is now: a progress bar puts something else in its place.
    stdout = sys.stdout.buffer

    def write(data: bytes) -> None:
        stdout.write(data)
        stdout.flush()

    return write


class _Draft:
    """A file that has another name until it is whole."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self._is_file = path.is_file() or not path.exists()
        self._draft = path.with_name(f".{path.name}.{os.getpid()}") if self._is_file else path
        self._files: list[BufferedIOBase] = []  # what is packed, and the file itself

    def open(self) -> None:
        """Open it; an interrupt from here on leaves nothing if it is dropped."""
        with self._told():
            handle = self._draft.open("wb")
        self._files = [handle]
        if self._path.suffix == ".gz":  # without name and time: the same lines, the same bytes
            packed = gzip.GzipFile(filename="", mode="wb", fileobj=handle, mtime=0)
            self._files = [packed, handle]

    def write(self, data: bytes) -> None:
        """Add what comes next."""
        with self._told():
            self._files[0].write(data)

    def finish(self) -> None:
        """Give it its name."""
        with self._told():
            for file in self._files:
                file.close()
            if self._is_file:
                self._draft.replace(self._path)

    def drop(self) -> None:
        """Leave all as it was."""
        for file in self._files:
            with suppress(OSError):  # the disk is full, which is known
                file.close()
        if self._is_file:
            self._draft.unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:  # its reader has gone
            raise
        except OSError as error:
            what = error.strerror or str(error)
            raise ConfigError(f"cannot write {self._name}: {what}") from error
