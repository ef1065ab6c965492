"""The whole way, in front of an audience: four years of an invented newsroom.

The newsroom's clock is set to the end of each week in which it printed
something; the collector looks then, as a scheduled one would have, and the
week's digest is written. So the demo shows seasons, copies and recycled text
with the moments that they would really have had.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from shutil import rmtree

from pipeline.demo.content import demo_sources, load_newsroom
from pipeline.demo.server import NewsroomServer
from pipeline.errors import ConfigError
from pipeline.jobs.collect import collect, open_readers
from pipeline.jobs.curate import curate
from pipeline.jobs.digest import DigestReport, write_digest
from pipeline.model import Topic, Week
from pipeline.settings import Settings
from pipeline.sources import Catalogue
from pipeline.store.database import Archive
from pipeline.web.clock import Clock

#: What the demo's digests are marked with, everywhere.
MARK = "demo: invented outlets and texts"

#: Beside the operator's own archive, never in it.
_FOLDER = Path("db/demo")

#: How long before the end of a week the collector looks.
_BEFORE_END = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What the demo left behind."""

    database: Path
    articles: int
    digests: tuple[DigestReport, ...]  # oldest week first
    main_file: Path  # the HTML digest of the newest week that holds the holiday


def run_demo(
    topic: Topic,
    settings: Settings,
    *,
    folder: Path = _FOLDER,
    show: Callable[[int, int, str], None] = lambda _done, _total, _week: None,
) -> DemoReport:
    """Collect the invented newsroom week by week and write the digests.

    Args:
        topic: what to look for.
        settings: of them, ``reports`` is where the digests go.
        folder: for the database and the raw pages; what is in it is replaced.
        show: told how many weeks of how many are done, and which one was last.

    Raises:
        ConfigError: a digest that is not the demo's own would be overwritten.
        StoreError: the folder cannot be written.
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
    rmtree(folder, ignore_errors=True)
    database = folder / "news.db"
    archive = Archive.open(f"sqlite:///{database}", str(folder / "pages"))
    digests = []
    try:
        with NewsroomServer(newsroom) as server, open_readers(catalogue.topic) as readers:
            local = _local(settings, server)
            for number, week in enumerate(weeks, 1):
                moment = week.end(topic.zone) - _BEFORE_END
                server.show_until(moment)
                collect(archive, catalogue, local, clock=_stopped_at(moment), readers=readers)
                curate(archive)
                digests.append(
                    write_digest(
                        archive,
                        week,
                        catalogue.topic,
                        sources_hash=catalogue.hash,
                        reports=reports,
                    )
                )
                show(number, len(weeks), str(week))
    finally:
        archive.close()
    return DemoReport(
        database=database,
        articles=sum(one.articles for one in digests),
        digests=tuple(digests),
        main_file=_main_file(digests, topic),
    )


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
