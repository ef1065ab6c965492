"""The archive opens what it can, says no to what it cannot, and lets one write at a time."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from pipeline.errors import StoreError
from pipeline.model import Article, Judge, Moment, Precision, Relevance, TextOrigin, Verdict
from pipeline.passages import find_passages
from pipeline.store import database, tables
from pipeline.store.articles import find_articles
from pipeline.store.database import HEAD, Archive
from pipeline.store.labels import Label, save_label

NOW = datetime(2026, 1, 4, 20, tzinfo=UTC)


def _alembic() -> Config:
    config = Config()
    folder = Path(database.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    return config


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(_alembic()).get_current_head() == HEAD


def test_migrations_make_the_tables_that_the_code_uses(archive: Archive) -> None:
    config = _alembic()
    with archive.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_migrations_go_back_to_nothing(archive: Archive) -> None:
    config = _alembic()
    with archive.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = set(sa.inspect(connection).get_table_names())
    assert left == {"alembic_version"}


def test_sqlite_is_opened_for_safety(tmp_path: Path) -> None:
    opened = Archive.open(f"sqlite:///{tmp_path}/deep/er/news.db", str(tmp_path / "pages"))
    with opened.reading() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    opened.close()
    assert modes == ["wal", 2, 1]  # 2: FULL


def test_a_transaction_is_kept_whole_or_not_at_all(archive: Archive) -> None:
    def fail_halfway() -> None:
        row = {"started_at": NOW, "version": "1", "sources_hash": "x", "pages_file": "p"}
        with archive.writing() as connection:
            connection.execute(sa.insert(tables.run), row)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with archive.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.run)) == 0


def test_a_second_writer_is_refused_until_the_first_is_done(archive: Archive) -> None:
    other = Archive.open(
        archive.engine.url.render_as_string(hide_password=False), str(archive.pages)
    )
    with (
        archive.only_writer(),
        pytest.raises(StoreError, match="another run"),
        other.only_writer(),
    ):
        pass
    with other.only_writer():
        pass
    other.close()


def test_a_writer_that_was_killed_blocks_nobody(tmp_path: Path) -> None:
    url, pages = f"sqlite:///{tmp_path}/news.db", str(tmp_path / "pages")
    program = (
        "import os, signal; from pipeline.store.database import Archive\n"
        f"with Archive.open({url!r}, {pages!r}).only_writer():\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == -9
    opened = Archive.open(url, pages)
    with opened.only_writer():
        pass
    opened.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://host/db", "neither SQLite nor PostgreSQL"),
        ("not a url", "cannot open the database"),
        ("/srv/news.db", "write sqlite:////srv/news.db"),
        ("db/news.db", "write sqlite:///db/news.db"),
        ("postgresql://127.0.0.1:port/none", "write sqlite:///db/news.db or postgresql://"),
        ("sqlite://", "in memory"),
        ("sqlite:////proc/nowhere/news.db", "cannot open the database"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot open the database"),
    ],
)
def test_what_cannot_be_opened_is_said(url: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=said):
        Archive.open(url, str(tmp_path))


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    file.write_text("my shopping list\n" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Archive.open(f"sqlite:///{file}", str(tmp_path))
    assert file.read_text() == "my shopping list\n" * 100


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("tables", [["song"], ["song", "alembic_version"]])
def test_a_database_of_another_program_is_left_as_it_is(
    tables: list[str], read_only: bool, tmp_path: Path
) -> None:
    file = tmp_path / "music.db"
    with closing(sqlite3.connect(file)) as connection:
        for name in tables:
            connection.execute(f"CREATE TABLE {name} (version_num TEXT)")
    before = file.read_bytes()
    with pytest.raises(StoreError, match="no archive of this program"):
        Archive.open(f"sqlite:///{file}", str(tmp_path), read_only=read_only)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_an_empty_file_may_become_an_archive(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    file.touch()
    with pytest.raises(StoreError, match="no archive yet"):
        Archive.open(f"sqlite:///{file}", str(tmp_path), read_only=True)
    assert file.read_bytes() == b""
    Archive.open(f"sqlite:///{file}", str(tmp_path)).close()
    Archive.open(f"sqlite:///{file}", str(tmp_path), read_only=True).close()


def test_what_a_password_may_be_in_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Archive.open("postgresql://reader:secret@127.0.0.1:port/none", str(tmp_path))
    assert "secret" not in str(caught.value)


def test_reading_makes_no_archive(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no archive yet"):
        Archive.open(f"sqlite:///{tmp_path}/news.db", str(tmp_path), read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_of_the_first_version_keeps_all_that_it_has(archive: Archive) -> None:
    config = _alembic()
    with archive.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        for statement in FIRST_VERSION:
            connection.execute(sa.text(statement))
    url = archive.engine.url.render_as_string(hide_password=False)
    again = Archive.open(url, "pages")
    with again.reading() as connection:
        sighting = connection.execute(sa.select(tables.sighting)).one()
        bands = connection.execute(sa.select(tables.band)).all()
        [printing] = connection.execute(sa.select(tables.printing)).all()
        article = connection.execute(sa.select(tables.article)).one()
        feed = connection.execute(sa.select(tables.feed)).one()
    again.close()
    assert (sighting.guid, sighting.title, sighting.last_seen_at) == ("g", "T", NOW)
    assert {band.article_id for band in bands} == {1}
    assert 5 not in {band.key for band in bands}, "texts are looked at anew"
    published = int(NOW.timestamp())
    assert tuple(printing) == (find_passages(SENTENCE)[0].key, published, 1, 9, False)
    assert (article.version, article.text_origin, article.text_hash) == (1, "page", -3)
    assert (feed.interval, feed.due_at, feed.gaps) == (None, None, 0)


SENTENCE = "The choir sang in the hall of the island."

#: One row in each table that the second version changes.
FIRST_VERSION = (
    (
        "INSERT INTO source (id, name, publisher, languages, time_zone, keep, enabled) "
        "VALUES ('a', 'A', 'private', '[]', 'UTC', 'topic', true)"
    ),
    (
        "INSERT INTO feed (id, source_id, url, kind, enabled, failures) "
        "VALUES (1, 'a', 'http://a.example/feed', 'feed', true, 0)"
    ),
    (
        "INSERT INTO run (id, started_at, version, sources_hash, pages_file) "
        "VALUES (1, '2026-01-04 20:00:00.000000', '1', 'h', 'p')"
    ),
    (
        "INSERT INTO poll (id, run_id, feed_id, polled_at, answered, entries, fresh) "
        "VALUES (1, 1, 1, '2026-01-04 20:00:00.000000', true, 1, 1)"
    ),
    (
        "INSERT INTO address (id, key, url, source_id, title, guid, first_seen_at, last_seen_at, "
        "attempts, run_id, outcome, article_id) VALUES (1, 'k', 'u', 'a', 'T', 'g', "
        "'2026-01-01 20:00:00.000000', '2026-01-04 20:00:00.000000', 0, 1, 'stored', 1)"
    ),
    (
        "INSERT INTO page (id, address_id, final_url, fetched_at, sha256, file, start, size) "
        "VALUES (1, 1, 'u', '2026-01-04 20:00:00.000000', '0', 'f', 0, 1)"
    ),
    (
        "INSERT INTO article (id, key, source_id, page_id, url, title, published_at, "
        "published_precision, published_origin, first_seen_at, verdict, score, evidence, words, "
        "text_hash) VALUES (1, 'k', 'a', 1, 'u', 'T', '2026-01-04 20:00:00.000000', 'day', 'seen', "
        "'2026-01-04 20:00:00.000000', 'about', 1.0, '[]', 9, -3)"
    ),
    (
        "INSERT INTO article_text (article_id, text, folded_title, folded_text) "  # noqa: S608
        f"VALUES (1, '{SENTENCE}', 't', 'x')"
    ),
    "INSERT INTO band (key, article_id) VALUES (5, 1)",
    "INSERT INTO passage (key, article_id, words) VALUES (6, 1, 9)",
)


def test_an_archive_of_the_second_version_keeps_all_that_it_has(archive: Archive) -> None:
    config = _alembic()
    with archive.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        for statement in SECOND_VERSION:
            connection.execute(sa.text(statement))
    url = archive.engine.url.render_as_string(hide_password=False)
    again = Archive.open(url, "pages")
    with again.writing() as connection:
        [one] = find_articles(connection, [1])
        row = connection.execute(sa.select(tables.article)).one()
        former = connection.execute(sa.select(tables.former_version)).one()
        connection.execute(
            sa.insert(tables.alternate),
            {"article_id": 1, "number": 1, "language": "az", "url": "u", "key": "k"},
        )
    again.close()
    assert one.article == Article(
        url="u",
        title="T",
        text="x",
        language="en",
        byline="B",
        published=Moment(at=NOW, precision=Precision.DAY, origin="meta"),
        text_origin=TextOrigin.FEED,
    )
    assert (row.version, row.confidence, row.origins, row.is_paywalled) == (2, None, {}, False)
    assert (former.number, former.title, former.text_hash) == (1, "S", -4)


#: An article with a former version, and what it stands on.
SECOND_VERSION = (
    (
        "INSERT INTO source (id, name, publisher, languages, time_zone, keep, enabled, verify_tls) "
        "VALUES ('a', 'A', 'private', '[]', 'UTC', 'topic', true, true)"
    ),
    (
        "INSERT INTO address (id, key, url, source_id, title, first_seen_at, attempts, outcome, "
        "article_id) VALUES (1, 'k', 'u', 'a', 'T', '2026-01-01 20:00:00.000000', 0, 'stored', 1)"
    ),
    (
        "INSERT INTO page (id, address_id, final_url, fetched_at, sha256, file, start, size) "
        "VALUES (1, 1, 'u', '2026-01-04 20:00:00.000000', '0', 'f', 0, 1)"
    ),
    (
        "INSERT INTO article (id, key, source_id, page_id, url, title, byline, language, "
        "published_at, published_precision, published_origin, first_seen_at, version, text_origin, "
        "verdict, score, evidence, words, text_hash) VALUES (1, 'k', 'a', 1, 'u', 'T', 'B', 'en', "
        "'2026-01-04 20:00:00.000000', 'day', 'meta', '2026-01-04 20:00:00.000000', 2, 'feed', "
        "'about', 1.0, '[]', 9, -3)"
    ),
    (
        "INSERT INTO article_text (article_id, text, folded_title, folded_text) "
        "VALUES (1, 'x', 't', 'x')"
    ),
    (
        "INSERT INTO former_version (article_id, number, page_id, title, text, text_hash, words) "
        "VALUES (1, 1, 1, 'S', 'w', -4, 8)"
    ),
)


def test_an_archive_of_the_fifth_version_keeps_all_that_it_has(archive: Archive) -> None:
    config = _alembic()
    url = archive.engine.url.render_as_string(hide_password=False)
    with archive.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
        for statement in SECOND_VERSION:
            connection.execute(sa.text(statement))
    again = Archive.open(url, "pages")
    with again.writing() as connection:
        [one] = find_articles(connection, [1])
        save_label(connection, 1, Label(Verdict.MENTION, NOW))
        [labelled] = find_articles(connection, [1])
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
        verdict = connection.scalar(sa.text("SELECT verdict FROM article"))
    again.close()
    assert one.relevance == Relevance(verdict=Verdict.ABOUT, score=1.0)
    assert (one.judged_by, one.by_rules, one.entities) == (Judge.RULES, None, ())
    assert (labelled.relevance.verdict, labelled.by_rules) == (Verdict.MENTION, one.relevance)
    assert verdict == "about", "what a person said has no place in it"


def test_an_archive_of_a_newer_version_is_refused(archive: Archive) -> None:
    with archive.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer solidarity"):
        Archive.open(archive.engine.url.render_as_string(hide_password=False), str(archive.pages))


def test_a_password_is_not_shown() -> None:
    with pytest.raises(StoreError) as caught:
        Archive.open("postgresql://reader:secret@127.0.0.1:1/none", "pages")
    assert "secret" not in str(caught.value)
