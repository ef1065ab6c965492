"""The operator's sources.yaml on disk: read as it is, written whole or not at all."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import ConfigError


def read_text(file: str) -> str:
    """Return the text of the file with its own line ends.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return Path(file).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {file}: {error}; name another with --sources") from error


def change_text(file: str, change: Callable[[str], str]) -> None:
    """Put what ``change`` makes of the file's text in its place, in one step.

    Whoever else changes the file by this function waits meanwhile. What the file is reached
    by, its mode and its owner stay.

    Raises:
        ConfigError: it cannot be read or written; then it is as it was.
    """
    path = Path(file).resolve()  # a symbolic link stays one
    with _alone(path):
        text = change(read_text(file))
        try:
            _replace(path, text.encode("utf-8"))
        except OSError as error:
            raise ConfigError(
                f"cannot write {file}: {error}; --dry-run prints the entry to paste"
            ) from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    # The folder and not the file: that one is another after each change.
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise ConfigError(f"cannot read {path.parent}: {error}") from error
    try:
        with suppress(OSError):  # a file system without locks: as safe as an editor
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _replace(path: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            old = path.stat()
            with suppress(PermissionError):  # another's file in a folder of ours: now it is ours
                os.fchown(stream.fileno(), old.st_uid, old.st_gid)
            shutil.copymode(path, draft)
            os.fsync(stream.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Let the new name outlive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
