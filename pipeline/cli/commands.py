"""The commands: each reads its options, calls one job and prints what it did."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from pipeline import __version__
from pipeline.cli import printing
from pipeline.cli.options import (
    AsJson,
    Database,
    Reports,
    Sources,
    read_catalogue,
    settings_of,
)
from pipeline.cli.progress import collected, shown
from pipeline.errors import ConfigError, PipelineError, StoreError
from pipeline.jobs.check import check_sources
from pipeline.jobs.collect import CollectReport
from pipeline.jobs.collect import collect as collect_job
from pipeline.jobs.curate import CurateReport
from pipeline.jobs.curate import curate as curate_job
from pipeline.model import Source, Week
from pipeline.settings import Settings
from pipeline.sources import Catalogue
from pipeline.store.database import Archive

CHECK_FAILED, BAD_CONFIG, NO_SOURCE, BAD_STORE, INTERRUPTED = 1, 2, 3, 4, 130

EXIT_CODES = """Exit codes: 0 done; 1 a check found something; 2 a setting, an option or
sources.yaml cannot be used; 3 no source answered; 4 the archive cannot be read or written;
130 interrupted."""

app = typer.Typer(
    name="solidarity",
    help="Collect and summarise the news about one holiday.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(
    help="List the sources, or check them.\n\nExample: solidarity sources check azertag apa",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(sources_app, name="sources")


def main() -> NoReturn:
    """Run the command line; turn what went wrong into a line and an exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except PipelineError as error:
        print(f"solidarity: {error}", file=sys.stderr)  # noqa: T201 - the rim
        sys.exit(BAD_STORE if isinstance(error, StoreError) else BAD_CONFIG)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # what typer makes of Ctrl-C
            print("solidarity: interrupted; the next run goes on from here", file=sys.stderr)  # noqa: T201
        raise
    sys.exit(0)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _archive(settings: Settings, *, read_only: bool = False) -> Iterator[Archive]:
    archive = Archive.open(settings.database_url, settings.pages_folder, read_only=read_only)
    try:
        yield archive
    finally:
        archive.close()


def _week(name: str | None, catalogue: Catalogue) -> Week:
    if name is None:
        return Week.of(_now(), catalogue.topic.zone)
    try:
        return Week.parse(name)
    except ValueError as error:
        raise ConfigError(f"--week: {error}") from error


def _version(wanted: bool) -> None:
    if wanted:
        printing.print_line(f"solidarity {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    _: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    pass


# --- the jobs --------------------------------------------------------------


def _collect(archive: Archive, catalogue: Catalogue, settings: Settings) -> CollectReport:
    with shown("collect") as step:
        return collect_job(archive, catalogue, settings, clock=_now, show=collected(step))


def _curate(archive: Archive) -> CurateReport:
    with shown("curate") as step:
        return curate_job(archive, show=lambda done, total: step(done, total, ""))


def _digest(archive: Archive, catalogue: Catalogue, settings: Settings, week: Week) -> list[str]:
    # Late: scikit-learn takes a second to import.
    from pipeline.jobs.digest import write_digest  # noqa: PLC0415

    report = write_digest(
        archive,
        week,
        catalogue.topic,
        sources_hash=catalogue.hash,
        reports=Path(settings.reports),
    )
    printing.print_line(f"{week}: {report.headline}")
    files = [str(file) for file in report.files]
    for file in files:
        printing.print_line(f"  {file}")
    return files


def _end(report: CollectReport, figures: dict[str, object], *, as_json: bool) -> None:
    """Print the figures if asked for, and exit with 3 if not one feed answered."""
    if as_json:
        printing.print_json(figures)
    if report.all_failed:
        raise typer.Exit(NO_SOURCE)


@app.command()
def run(
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Collect, curate, and write the digest of the current week.

    Example: solidarity run --database sqlite:///archive/news.db
    """
    settings = settings_of(sources, database, reports)
    catalogue = read_catalogue(settings)
    with _archive(settings) as archive:
        report = _collect(archive, catalogue, settings)
        curated = _curate(archive)
        printing.print_collected(report)
        files = _digest(archive, catalogue, settings, _week(None, catalogue))
    figures = {**printing.collect_figures(report), "curated": curated.counts, "files": files}
    _end(report, figures, as_json=as_json)


@app.command()
def collect(sources: Sources = None, database: Database = None, as_json: AsJson = False) -> None:
    """Poll every source once and file what it brought.

    Example: solidarity collect --json
    """
    settings = settings_of(sources, database)
    catalogue = read_catalogue(settings)
    with _archive(settings) as archive:
        report = _collect(archive, catalogue, settings)
    printing.print_collected(report)
    _end(report, printing.collect_figures(report), as_json=as_json)


@app.command()
def curate(database: Database = None, as_json: AsJson = False) -> None:
    """Find the copies among the articles that came in.

    Example: solidarity curate
    """
    with _archive(settings_of(database=database)) as archive:
        report = _curate(archive)
    printing.print_line(f"{report.curated} articles curated, {report.copies} of them copies")
    if as_json:
        printing.print_json(report.counts)


@app.command()
def digest(
    week: Annotated[
        str | None,
        typer.Option(metavar="WEEK", help="An ISO week such as 2026-W53 [the current week]."),
    ] = None,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Write the digest of a week as HTML, Markdown and JSON.

    Example: solidarity digest --week 2026-W53
    """
    settings = settings_of(sources, database, reports)
    catalogue = read_catalogue(settings)
    wanted = _week(week, catalogue)
    with _archive(settings, read_only=True) as archive:
        files = _digest(archive, catalogue, settings, wanted)
    if as_json:
        printing.print_json({"week": str(wanted), "files": files})


@app.command()
def schedule(
    every: Annotated[
        int, typer.Option(min=1, metavar="MINUTES", help="How often to collect.")
    ] = 60,
    digest_at: Annotated[
        str,
        typer.Option(metavar="WHEN", help="When to digest the past week, in the topic's zone."),
    ] = "mon 06:00",
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
) -> None:
    """Do the jobs at their times, in the foreground, until interrupted.

    Example: solidarity schedule --every 30 --digest-at "mon 07:30"
    """
    from pipeline.jobs.schedule import every_minutes, run_schedule, weekly  # noqa: PLC0415 - slow

    settings = settings_of(sources, database, reports)
    topic = read_catalogue(settings).topic
    jobs = {
        "collect": (every_minutes(every), partial(_scheduled_collect, settings)),
        "digest": (weekly(digest_at, topic.time_zone), partial(_scheduled_digest, settings)),
    }

    def failed(name: str, error: PipelineError) -> None:
        print(f"{_now():%Y-%m-%d %H:%M} {name}: {error}", file=sys.stderr, flush=True)  # noqa: T201

    run_schedule(jobs, first="collect", failed=failed)


def _scheduled_collect(settings: Settings) -> None:
    catalogue = read_catalogue(settings)  # each time: it may have been edited
    with _archive(settings) as archive:
        report = _collect(archive, catalogue, settings)
        _curate(archive)
    figures = json.dumps(printing.collect_figures(report), ensure_ascii=False)
    print(f"{_now():%Y-%m-%d %H:%M} collect: {figures}", flush=True)  # noqa: T201 - the log


def _scheduled_digest(settings: Settings) -> None:
    catalogue = read_catalogue(settings)
    with _archive(settings) as archive:
        _digest(archive, catalogue, settings, _week(None, catalogue).shifted(-1))


# --- looking ---------------------------------------------------------------


@app.command()
def status(sources: Sources = None, database: Database = None, as_json: AsJson = False) -> None:
    """Show the health of the sources and what is still to be done.

    Example: solidarity status
    """
    from pipeline.store import articles, figures  # noqa: PLC0415

    settings = settings_of(sources, database)
    with _archive(settings, read_only=True) as archive, archive.reading() as connection:
        last = figures.last_run(connection)
        waiting = figures.count_waiting(connection)
        uncurated = articles.count_uncurated(connection)
        feeds = figures.feed_health(connection)
    if last is None:
        printing.print_line("no run yet; start one with `solidarity run`")
    else:
        started, ended = last
        how = f"ended {ended:%Y-%m-%d %H:%M} UTC" if ended else "was cut off or is at work"
        printing.print_line(f"last run began {started:%Y-%m-%d %H:%M} UTC and {how}")
    printing.print_line(f"{waiting} addresses to fetch, {uncurated} articles to curate")
    printing.print_health(feeds, now=_now())
    if as_json:
        failing = sum(1 for feed in feeds if feed.enabled and feed.failures)
        printing.print_json(
            {"waiting": waiting, "uncurated": uncurated, "feeds": len(feeds), "failing": failing}
        )


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(help='Words; "a phrase"; begin*')],
    most: Annotated[int, typer.Option(min=1, metavar="N", help="How many to show.")] = 20,
    sources: Sources = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Find articles by their words, in any spelling.

    Example: solidarity search 'hemreylik "31 dekabr"'
    """
    from pipeline.store.search import search_articles  # noqa: PLC0415

    settings = settings_of(sources, database)
    catalogue = read_catalogue(settings)
    with _archive(settings, read_only=True) as archive, archive.reading() as connection:
        count, found = search_articles(connection, " ".join(query), most=most)
    printing.print_found(count, found, catalogue.topic)
    if as_json:
        printing.print_json({"articles": count, "urls": [one.article.url for one in found]})


@sources_app.callback()
def sources_(context: typer.Context, sources: Sources = None, as_json: AsJson = False) -> None:
    """List the sources of sources.yaml, or check them.

    Example: solidarity sources check azertag apa
    """
    context.obj = sources
    if context.invoked_subcommand is not None:
        return
    catalogue = read_catalogue(settings_of(sources))
    printing.print_sources(catalogue.sources)
    enabled = sum(source.enabled for source in catalogue.sources)
    printing.print_line(f"{len(catalogue.sources)} sources, {enabled} of them polled")
    if as_json:
        printing.print_json({"sources": len(catalogue.sources), "polled": enabled})


@sources_app.command()
def check(
    context: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Sources; none: all polled ones.")
    ] = None,
    sources: Sources = None,
    as_json: AsJson = False,
) -> None:
    """Poll sources once and say what each answered; nothing is stored.

    Example: solidarity sources check azertag
    """
    settings = settings_of(sources or context.obj)
    catalogue = read_catalogue(settings)
    chosen = _chosen(catalogue, ids or [])
    with shown("check") as step:
        polls = check_sources(
            chosen, settings, clock=_now, show=lambda done, total: step(done, total, "")
        )
    printing.print_checked(polls)
    failed = sum(poll.reason is not None for poll in polls)
    if as_json:
        printing.print_json({"feeds": len(polls), "failed": failed})
    if failed:
        raise typer.Exit(CHECK_FAILED)


def _chosen(catalogue: Catalogue, ids: list[str]) -> list[Source]:
    if not ids:
        return [source for source in catalogue.sources if source.enabled]
    by_id = {source.id: source for source in catalogue.sources}
    unknown = [one for one in ids if one not in by_id]
    if unknown:
        raise ConfigError(f"no source {', '.join(unknown)}; `solidarity sources` lists the ids")
    return [by_id[one] for one in ids]


@app.command()
def demo(sources: Sources = None, reports: Reports = None, as_json: AsJson = False) -> None:
    """Run the whole way against a small invented newsroom on loopback.

    Example: solidarity demo --reports /tmp/reports
    """
    from pipeline.demo.run import run_demo  # noqa: PLC0415 - needs scikit-learn

    settings = settings_of(sources, None, reports)
    catalogue = read_catalogue(settings)
    with shown("demo") as step:
        report = run_demo(catalogue.topic, settings, show=step)
    printing.print_line(f"{report.articles} articles in {report.database}")
    for one in report.digests:
        printing.print_line(f"{one.week}: {one.headline}")
    printing.print_line(f"\nThe digest of the holiday week: {report.main_file}")
    if as_json:
        printing.print_json({"articles": report.articles, "digest": str(report.main_file)})
