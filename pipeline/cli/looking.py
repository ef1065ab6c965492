"""The commands that look: at the archive, and at the sources."""

import os
from typing import Annotated

import typer

from pipeline.cli import adding, printing
from pipeline.cli.options import (
    AsJson,
    Database,
    Reports,
    Sources,
    choose,
    opened,
    read_catalogue,
    with_options,
)
from pipeline.cli.progress import shown
from pipeline.errors import ConfigError
from pipeline.jobs.check import check_sources
from pipeline.model import Source
from pipeline.settings import read_settings
from pipeline.sources import Catalogue
from pipeline.store import articles, figures
from pipeline.store.search import search_articles
from pipeline.web.clock import utc_now

CHECK_FAILED = 1

sources_app = typer.Typer(
    help="List the sources, check them, or add one.\n\n"
    "Example: solidarity sources check azertag apa",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
)
sources_app.command()(adding.add)


def status(
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Show the health of the sources and what is still to be done.

    Example: solidarity status
    """
    settings, _ = choose(sources, database, reports)
    with opened(settings, read_only=True) as archive, archive.reading() as connection:
        last = figures.last_run(connection)
        waiting, again = figures.count_waiting(connection)
        uncurated = articles.count_uncurated(connection)
        feeds = figures.feed_health(connection)
    if last is None:
        printing.print_line("no run yet; start one with `solidarity run`")
    else:
        ended = last.ended_at
        how = f"ended {ended:%Y-%m-%d %H:%M} UTC" if ended else "was cut off or is at work"
        printing.print_line(f"last run began {last.started_at:%Y-%m-%d %H:%M} UTC and {how}")
        if last.line_down:
            printing.print_line("in it most hosts were silent: the line seemed to be down")
    printing.print_line(
        f"{waiting} addresses to fetch, {again} articles to look at again, "
        f"{uncurated} articles to curate"
    )
    printing.print_health(feeds, now=utc_now())
    if as_json:
        failing = sum(1 for feed in feeds if feed.enabled and feed.failures)
        printing.print_json(
            {
                "waiting": waiting,
                "again": again,
                "uncurated": uncurated,
                "feeds": len(feeds),
                "failing": failing,
                "gaps": sum(1 for feed in feeds if feed.enabled and feed.gap_at),
                "moved": sum(1 for feed in feeds if feed.enabled and feed.moved_to),
            }
        )


def search(
    query: Annotated[list[str], typer.Argument(help='Words; "a phrase"; begin*')],
    most: Annotated[int, typer.Option(min=1, metavar="N", help="How many to show.")] = 20,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Find articles by their words, in any spelling.

    Example: solidarity search 'hemreylik "31 dekabr"'
    """
    settings, catalogue = choose(sources, database, reports)
    with opened(settings, read_only=True) as archive, archive.reading() as connection:
        count, found = search_articles(connection, " ".join(query), most=most)
    printing.print_found(count, found, catalogue.topic)
    if as_json:
        printing.print_json({"articles": count, "urls": [one.article.url for one in found]})


@sources_app.callback()
def list_sources(
    context: typer.Context,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """List the sources of sources.yaml, check them, or add one.

    Example: solidarity sources check azertag apa
    """
    settings = with_options(read_settings(os.environ), sources, database, reports)
    context.obj = settings
    if context.invoked_subcommand is not None:
        return
    catalogue = read_catalogue(settings)
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
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Poll sources once and say what each answered; nothing is stored.

    Example: solidarity sources check azertag
    """
    settings = with_options(context.obj, sources, database, reports)
    catalogue = read_catalogue(settings)
    chosen = _chosen(catalogue, ids or [])
    with shown("check") as step:
        polls = check_sources(
            chosen, settings, clock=utc_now, show=lambda done, total: step(done, total, "")
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
