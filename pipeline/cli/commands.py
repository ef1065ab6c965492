"""The commands that collect: each reads its options, calls a job and prints what it did."""

from datetime import datetime
from typing import Annotated

import typer

from pipeline.cli import printing
from pipeline.cli.digesting import digest_week, written_files
from pipeline.cli.options import (
    AsJson,
    Database,
    Reports,
    Sources,
    choose,
    opened,
    read_day,
    this_week,
)
from pipeline.cli.progress import collected, shown
from pipeline.demo.run import DATABASE, demo_database, run_demo
from pipeline.errors import ConfigError
from pipeline.jobs.collect import CollectReport
from pipeline.jobs.collect import collect as collect_job
from pipeline.jobs.curate import CurateReport
from pipeline.jobs.curate import curate as curate_job
from pipeline.jobs.rereading import reread
from pipeline.settings import Settings
from pipeline.sources import Catalogue
from pipeline.store.database import Archive
from pipeline.store.sources import all_sources
from pipeline.web.clock import utc_now

NO_SOURCE = 3


Due = Annotated[
    bool,
    typer.Option(
        "--due", help="Poll only the feeds whose time has come, as `schedule` does; see `status`."
    ),
]


def _collect(
    archive: Archive, catalogue: Catalogue, settings: Settings, *, due: bool
) -> CollectReport:
    with shown("collect") as step:
        report = collect_job(
            archive, catalogue, settings, clock=utc_now, only_due=due, show=collected(step)
        )
    printing.print_collected(report)
    return report


def _curate(archive: Archive, catalogue: Catalogue) -> CurateReport:
    with shown("curate") as step:
        return curate_job(archive, catalogue.topic, show=lambda done, total: step(done, total, ""))


def _end(report: CollectReport, figures: dict[str, object], *, as_json: bool) -> None:
    """Print the figures if asked for, and exit with 3 if not one feed answered."""
    if as_json:
        printing.print_json(figures)
    if report.all_failed:
        raise typer.Exit(NO_SOURCE)


def run(
    due: Due = False,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Collect, curate, and write the digest of the current week.

    Example: solidarity run --database sqlite:///archive/news.db
    """
    settings, catalogue = choose(sources, database, reports)
    with opened(settings) as archive:
        report = _collect(archive, catalogue, settings, due=due)
        curated = _curate(archive, catalogue)
        written = digest_week(archive, catalogue, settings, this_week(catalogue.topic))
    printing.print_digest(written.digests[0])
    figures = {
        **printing.collect_figures(report),
        "curated": curated.counts,
        "files": written_files(written),
    }
    _end(report, figures, as_json=as_json)


def collect(
    due: Due = False,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Poll the sources once and file what they brought.

    A feed whose host asked for a pause is left alone until it is over.

    Example: solidarity collect --json
    """
    settings, catalogue = choose(sources, database, reports)
    with opened(settings) as archive:
        report = _collect(archive, catalogue, settings, due=due)
    _end(report, printing.collect_figures(report), as_json=as_json)


def curate(
    again: Annotated[
        bool,
        typer.Option("--again", help="First read every kept page again, without the network."),
    ] = False,
    source: Annotated[
        str | None, typer.Option(metavar="ID", help="With --again: only this outlet's pages.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="With --again: only pages fetched on this day or later."),
    ] = None,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Find the copies among the articles that came in.

    With 50 labels or more (`solidarity label`), a model of them first judges the articles that the
    rules are unsure of, each once.

    Example: solidarity curate --again --source azertag --since 2026-12-01
    """
    settings, catalogue = choose(sources, database, reports)
    if not again and (source is not None or since is not None):
        raise ConfigError("--source and --since go with --again")
    first = None if since is None else read_day(since, catalogue.topic)
    figures: dict[str, object] = {}
    with opened(settings) as archive:
        if again:
            figures["reread"] = _reread(archive, catalogue, source, first)
        report = _curate(archive, catalogue)
    printing.print_curated(report)
    if as_json:
        printing.print_json({**report.counts, **figures})


def _reread(
    archive: Archive, catalogue: Catalogue, source: str | None, since: datetime | None
) -> dict[str, int]:
    with archive.reading() as connection:
        known = {one.id for one in all_sources(connection)}
    if source is not None and source not in known:
        raise ConfigError(f"no source {source} in the archive; `solidarity status` lists them")
    with shown("read again") as step:
        report = reread(
            archive,
            catalogue,
            source_id=source,
            since=since,
            show=lambda done, total: step(done, total, ""),
        )
    printing.print_reread(report)
    return {kind.name.lower(): number for kind, number in report.counts.items()}


def demo(
    sources: Sources = None,
    database: Annotated[
        str | None,
        typer.Option(
            "--database", metavar="URL", help=f"The demo's own archive [sqlite:///{DATABASE}]."
        ),
    ] = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Run the whole way against a small invented newsroom on loopback.

    Example: solidarity demo --reports /tmp/reports
    """
    # Your own archive is never the demo's, wherever the environment says that it is.
    settings, catalogue = choose(sources, database, reports)
    file = DATABASE if database is None else demo_database(database)
    with shown("demo") as step:
        report = run_demo(catalogue.topic, settings, database=file, show=step)
    printing.print_line(f"{report.articles} articles in {report.database}")
    for one in report.digests:
        printing.print_line(f"{one.week}: {one.headline}")
    printing.print_line(f"\nThe digest of the holiday week: {report.main_file}")
    if as_json:
        printing.print_json({"articles": report.articles, "digest": report.main_file})
