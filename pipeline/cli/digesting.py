"""`solidarity digest`: the digests of some weeks as files, and by mail."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import printing, signals
from pipeline.cli.mailing import read_post
from pipeline.cli.options import (
    AsJson,
    Database,
    Language,
    Reports,
    Sources,
    choose,
    choose_weeks,
    opened,
    this_week,
    with_language,
)
from pipeline.cli.output import write_line
from pipeline.cli.progress import Step, shown
from pipeline.errors import ConfigError
from pipeline.jobs.digest import WrittenReport, write_digests
from pipeline.model import Week
from pipeline.settings import Settings
from pipeline.sources import Catalogue
from pipeline.store.database import Archive


def digest_week(
    archive: Archive, catalogue: Catalogue, settings: Settings, week: Week
) -> WrittenReport:
    """Write the digest of a week as the settings have it."""
    return write_digests(
        archive,
        [week],
        catalogue.topic,
        sources_hash=catalogue.hash,
        reports=Path(settings.reports),
        language=settings.language,
    )


def digest(
    week: Annotated[
        str | None,
        typer.Option(metavar="WEEK", help="An ISO week such as 2026-W53 [the current week]."),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="WEEK", help="Every week from this one on …"),
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="WEEK", help="… to this one [the current week].")
    ] = None,
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Every week of an ISO year, up to now.")
    ] = None,
    language: Language = None,
    mail: Annotated[
        bool,
        typer.Option("--mail", help="Also send it: one message, with the newest week in full."),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="With --mail: print the message instead of sending it."),
    ] = False,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Write the digest of one or many weeks as HTML, Markdown and JSON.

    The folder's front page (index.html) and Atom feed (feed.xml) are made anew. A week that was
    digested before and has changed since is a new revision, which says what changed.

    Example: solidarity digest --week 2026-W01 --language az

    Example: solidarity digest --from 2025-W50 --to 2026-W02

    Example: solidarity digest --year 2026

    Example: solidarity digest --mail --dry-run > digest.eml
    """
    if dry_run and not mail:
        raise ConfigError("--dry-run goes with --mail")
    if dry_run and as_json:
        raise ConfigError("--dry-run prints the message and nothing else; leave out --json")
    settings, catalogue = choose(sources, database, reports)
    settings = with_language(settings, language)
    weeks = choose_weeks(week, first, last, year, now=this_week(catalogue.topic))
    folder = Path(settings.reports)
    post = read_post(settings, dry_run=dry_run) if mail else None
    with opened(settings, read_only=True) as archive, shown("digest") as step:
        written = write_digests(
            archive,
            weeks,
            catalogue.topic,
            sources_hash=catalogue.hash,
            reports=folder,
            language=settings.language,
            show=_told(step, len(weeks)),
        )
    unsure = "; whether it was sent is not known" if mail and not dry_run else ""
    signals.say_at_end(f"the digest is written{unsure}")
    try:  # before anything is printed: it is wanted, whatever becomes of our output
        delivered = post.deliver(written) if post else ""
    finally:
        if not dry_run:
            printing.print_digests(written)
    if post:
        say = write_line if dry_run else printing.print_line
        say(delivered)
    if as_json:
        weeks_written = [str(one.week) for one in written.digests]
        printing.print_json({"weeks": weeks_written, "files": written_files(written)})


def written_files(written: WrittenReport) -> list[Path]:
    """Return all files that were written, those about all weeks last."""
    files = [file for report in written.digests for file in report.files]
    return [*files, *written.overview.files]


def _told(step: Step, weeks: int) -> Callable[[int, int, str], None]:
    """Return what tells ``step`` how far the digests are, and us, should we be interrupted."""

    def tell(done: int) -> None:
        signals.say_at_end(f"{done} of {weeks} weeks are written, index.html and feed.xml are not")

    def show(done: int, total: int, week: str) -> None:
        tell(done)
        step(done, total, week)

    tell(0)
    return show
