"""The whole way, in front of an audience: four years of an invented newsroom.

The newsroom's clock is set to the end of each week in which it printed
something; the collector looks then, as a scheduled one would have, and the
week's digest is written. So the demo shows seasons, copies and recycled text
with the moments that they would really have had.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from shutil import rmtree

from pipeline.demo.content import demo_sources, load_newsroom
from pipeline.demo.server import NewsroomServer
from pipeline.errors import ConfigError, StoreError
from pipeline.jobs.collect import collect
from pipeline.jobs.curate import curate
from pipeline.jobs.digest import DigestReport, write_digest
from pipeline.jobs.readers import Readers
from pipeline.model import Topic, Week
from pipeline.settings import Settings
from pipeline.sources import Catalogue
from pipeline.store.database import Archive
from pipeline.web.clock import Clock

#: What the demo's digests are marked with, everywhere.
MARK = "demo: invented outlets and texts"

#: Beside the operator's own archive, never in it.
DATABASE = Path("db/demo/news.db")

#: In the folder of the demo's archive: who holds its lock is at work there. It stays, as the
#: sign that the archive is a demo's.
_LOCK = "demo.lock"

#: How long before the end of a week the collector looks.
_BEFORE_END = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What the demo left behind."""

    database: Path
    articles: int
    digests: tuple[DigestReport, ...]  # oldest week first
    main_file: Path  # the HTML digest of the newest week that holds the holiday


def demo_database(url: str) -> Path:
    """Return the file of a database URL.

    Raises:
        ConfigError: it names none; a server's database would have to be emptied.
    """
    kind, _, path = url.partition(":///")
    if kind != "sqlite" or path in {"", ":memory:"}:
        raise ConfigError("--database: the demo needs a file, such as sqlite:////tmp/demo/news.db")
    return Path(path)


def run_demo(
    topic: Topic,
    settings: Settings,
    *,
    database: Path = DATABASE,
    show: Callable[[int, int, str], None] = lambda _done, _total, _week: None,
) -> DemoReport:
    """Collect the invented newsroom week by week and write the digests.

    Args:
        topic: what to look for.
        settings: of them, ``reports`` is where the digests go.
        database: the demo's archive, the raw pages beside it; an earlier demo's is replaced.
        show: told how many weeks of how many are done, and which one was last.

    Raises:
        ConfigError: a digest or an archive that is not a demo's would be overwritten.
        StoreError: the folder cannot be written, or another demo is at work in it.
    """
    newsroom = load_newsroom()
    catalogue = Catalogue(
        topic=replace(topic, name=f"{topic.name} ({MARK})"),
        sources=demo_sources(newsroom),
        hash="demo",
    )
    weeks = sorted({Week.of(article.published_at, topic.zone) for article in newsroom.articles})
    reports = Path(settings.reports)
    _refuse_to_overwrite(reports, weeks)
    digests = []
    with _emptied(database) as archive, NewsroomServer(newsroom) as server:
        local = _local(settings, server)
        with Readers(catalogue.topic) as readers:
            for number, week in enumerate(weeks, 1):
                moment = week.end(topic.zone) - _BEFORE_END
                server.show_until(moment)
                collect(archive, catalogue, local, clock=_stopped_at(moment), readers=readers)
                curate(archive, catalogue.topic)
                written = write_digest(
                    archive, week, catalogue.topic, sources_hash=catalogue.hash, reports=reports
                )
                digests.append(written)
                show(number, len(weeks), str(week))
    return DemoReport(
        database=database,
        articles=sum(one.articles for one in digests),
        digests=tuple(digests),
        main_file=_main_file(digests, topic),
    )


@contextmanager
def _emptied(database: Path) -> Iterator[Archive]:
    """Give a new archive in the place of an earlier demo's, and let no other demo do so."""
    pages, lock = database.parent / "pages", database.parent / _LOCK
    if database != DATABASE and not lock.exists() and (database.exists() or pages.exists()):
        raise ConfigError(f"{database.parent} has a real archive; name another with --database")
    with _locked(lock):
        _remove(database, pages)
        archive = Archive.open(f"sqlite:///{database}", str(pages))
        try:
            yield archive
        finally:
            archive.close()


def _remove(database: Path, pages: Path) -> None:
    try:
        for ending in ("", "-wal", "-shm"):
            Path(f"{database}{ending}").unlink(missing_ok=True)
        if pages.exists():
            rmtree(pages)
    except OSError as error:
        raise StoreError(f"cannot remove an earlier demo's archive: {error}") from error


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = lock.open("w")
    except OSError as error:
        raise StoreError(f"cannot write {lock}: {error}") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(f"another demo is at work in {lock.parent}") from error
        yield


def _local(settings: Settings, server: NewsroomServer) -> Settings:
    return replace(
        settings,
        gap=0.0,
        allowed_networks=(ip_network("127.0.0.0/8"),),
        connect_to=server.connect_to,
    )


def _stopped_at(moment: datetime) -> Clock:
    return lambda: moment


def _refuse_to_overwrite(reports: Path, weeks: list[Week]) -> None:
    for week in weeks:
        file = reports / f"{week}.json"
        if file.exists() and MARK not in file.read_text("utf-8", errors="replace"):
            raise ConfigError(f"{file} is a real digest; name another folder with --reports")


def _main_file(digests: list[DigestReport], topic: Topic) -> Path:
    month, day = topic.season.day
    holding = [
        one for one in digests if any((d.month, d.day) == (month, day) for d in one.week.days)
    ]
    newest = (holding or digests)[-1]
    return newest.files[0]
