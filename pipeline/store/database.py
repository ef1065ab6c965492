"""Opening the archive: engine, pragmas, schema, and one writer at a time."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from pipeline.errors import StoreError
from pipeline.store.pages import PageArchive

#: The newest revision in migrations/versions. Alembic takes 0.4 s to import, so
#: an archive that is up to date is recognised without it.
HEAD = "0006"

#: What every archive has, whatever its version; a file without them is another program's.
_OWN_TABLES = frozenset({"alembic_version", "tally"})

#: How long to wait for another process's short transaction, seconds.
BUSY_SECONDS = 30
#: Of the advisory lock on PostgreSQL: any number that nobody else uses.
LOCK_NUMBER = 311_219_89


@dataclass(frozen=True, slots=True)
class Archive:
    """The database and the raw pages beside it."""

    engine: sa.Engine
    url: str
    pages: PageArchive

    @classmethod
    def open(cls, url: str, pages: str, *, read_only: bool = False) -> "Archive":
        """Open the archive, made or brought up to date if need be.

        Raises:
            StoreError: it cannot be used; ``read_only`` and there is none.
        """
        return cls(open_engine(url, read_only=read_only), url, PageArchive(Path(pages)))

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one state of the archive."""
        connection = self.engine.connect()
        if self.engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with _translated(), connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection in a transaction: all that is done with it is kept, or nothing."""
        connection = self.engine.connect().execution_options(write=True)
        with _translated(), connection, connection.begin():
            yield connection

    @contextmanager
    def only_writer(self) -> Iterator[None]:
        """Hold the one writer's place; it frees itself when the process dies.

        Raises:
            StoreError: another run holds it.
        """
        with _translated(), _only_writer(self.engine, self.url):
            yield

    def close(self) -> None:
        """Let go of the database and of the file of pages."""
        self.pages.close()
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"the database said no: {_cause(error)}") from error


def open_engine(url: str, *, read_only: bool = False) -> sa.Engine:
    """Return an engine for ``url`` with the schema brought up to date.

    Raises:
        StoreError: the URL, the file or the schema cannot be used.
    """
    try:
        engine = _engine(url, read_only=read_only)
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise StoreError(f"cannot open the database {_shown(url)}: {_cause(error)}") from error
    try:
        _bring_up_to_date(engine, url, read_only=read_only)
    except (SQLAlchemyError, sqlite3.Error) as error:
        engine.dispose()
        raise StoreError(f"cannot open the database {_shown(url)}: {_cause(error)}") from error
    except StoreError:
        engine.dispose()
        raise
    return engine


def _bring_up_to_date(engine: sa.Engine, url: str, *, read_only: bool) -> None:
    file = sqlite_file(url)
    if file and _is_filled(file):
        _refuse_foreign(file)  # before the first connection, which changes the file
    with engine.connect() as connection:
        revision = _revision(connection)
    if revision == HEAD:
        return
    if read_only and revision is None:
        raise StoreError(f"no archive yet at {_shown(url)}; run `solidarity run` first")
    if read_only and revision is not None and revision < HEAD:
        raise StoreError(
            f"the archive at {_shown(url)} is of an older version; `solidarity collect` "
            "brings it up to date"
        )
    _migrate(engine)


def _is_filled(file: Path) -> bool:
    """Whether there is anything in a file; an empty one may become an archive."""
    return file.exists() and file.stat().st_size > 0


def _refuse_foreign(file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if names and not names >= _OWN_TABLES:
        raise StoreError(
            f"{file} is a database, but no archive of this program; name another with --database"
        )


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite URL, or None for any other database.

    Raises:
        StoreError: it is a database in memory, or no URL.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    if parsed.database in (None, "", ":memory:"):
        raise StoreError("an archive in memory would be gone after the run; name a file")
    return Path(str(parsed.database))


def _engine(url: str, *, read_only: bool) -> sa.Engine:
    file = sqlite_file(url)
    if _parsed(url).get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"neither SQLite nor PostgreSQL: {_shown(url)}")
    if file and read_only and not _is_filled(file):
        raise StoreError(f"no archive yet at {file}; run `solidarity run` first")
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction starts late and not for DDL; we begin ourselves.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_immediate(connection: sa.Connection) -> None:
    # A deferred transaction that turns into a writer can fail at once as “locked”
    # in spite of the busy timeout; one that says so at its start waits its turn.
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: sa.Engine) -> None:
    from alembic import command  # noqa: PLC0415 - slow, and needed once in an archive's life
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":  # SQLite's transaction began by locking
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_NUMBER + 1)))
        revision = _revision(connection)
        if revision is not None and revision not in known:
            raise StoreError(
                f"the archive has schema {revision}, which this version does not know; "
                "it was written by a newer solidarity: upgrade the program"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _only_writer(engine: sa.Engine, url: str) -> Iterator[None]:
    if engine.dialect.name == "postgresql":
        # Committed at once: a transaction that idles for hours is ended by many servers.
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK_NUMBER))):
                raise StoreError("another run is writing to this archive")
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK_NUMBER)))
        return
    with _lock_file(f"{sqlite_file(url)}.lock") as handle:
        _lock(handle)
        yield


def _lock_file(name: str) -> IO[str]:
    try:
        return Path(name).open("w")
    except OSError as error:
        raise StoreError(f"cannot write {name}: {error}") from error


def _lock(handle: IO[str]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreError("another run is writing to this archive") from error


def _parsed(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except (ArgumentError, ValueError):  # the latter of a port that is no number
        if "://" not in url:
            raise StoreError(f"cannot open the database {url!r}: write sqlite:///{url}") from None
    # Not shown: it may hold a password.
    raise StoreError(
        "cannot open the database: write sqlite:///db/news.db or postgresql://user:password@host/name"
    )


def _shown(url: str) -> str:
    return _parsed(url).render_as_string(hide_password=True)


def _cause(error: BaseException) -> str:
    """Return what an error says, in a line; PostgreSQL likes to take two."""
    said = str(getattr(error, "orig", None) or error)
    return "; ".join(line.strip() for line in said.splitlines() if line.strip())
