"""`sources add`: an outlet's address becomes an entry of sources.yaml."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from pipeline.cli import printing
from pipeline.cli.options import AsJson, Database, Reports, Sources, with_options
from pipeline.cli.output import plain, write_line
from pipeline.countries import home_zone
from pipeline.discovery import spell_out
from pipeline.entries import Addition, add_entry
from pipeline.errors import ConfigError
from pipeline.jobs.discover import Discovery, discover
from pipeline.jobs.sources_file import change_text, read_text
from pipeline.model import Source
from pipeline.profiles import (
    Described,
    Said,
    check_said,
    describe_outlet,
    find_known,
)
from pipeline.settings import Settings
from pipeline.sources import Catalogue, parse_sources
from pipeline.urls import join_url
from pipeline.web.clock import utc_now

#: As `sources check`: what was looked for is not there.
NOT_FOUND = 1


def add(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="Of its front page, a section of it, a feed or a sitemap."
        ),
    ],
    feed: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="What to poll, instead of the best one; may come again."),
    ] = None,
    identifier: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Its id in sources.yaml [from the host]."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its name [as its page says].")
    ] = None,
    publisher: Annotated[
        str | None, typer.Option(metavar="KIND", help="Who stands behind it [other].")
    ] = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE", help="As in ISO 3166-1 [from the host].")
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="As in ISO 639-1; may come again [recognised]."),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="For dates without one [from the country, or the topic's]."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the entry, and write nothing.")
    ] = False,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Find the feed of an outlet, show its newest entries, and add it to sources.yaml.

    Example: solidarity sources add example.org --publisher independent
    """
    settings = with_options(context.obj, sources, database, reports)
    said = Said(
        id=identifier,
        name=name,
        publisher=publisher,
        country=country.upper() if country else country,
        languages=tuple(dict.fromkeys(code.lower() for code in language or ())),
        time_zone=time_zone,
    )
    discovery = _look(url, feed or [], said, settings)
    if not discovery.chosen:
        printing.print_tried(discovery, now=utc_now())
        printing.print_line("if you know a feed or a section page of it, name it with --feed URL")
        _print_figures(as_json, discovery, None, added=False)
        raise typer.Exit(NOT_FOUND)
    described, addition = _write(discovery, said, settings, dry_run=dry_run)
    # A dry run's stdout is what can be pasted.
    told = sys.stderr if dry_run else sys.stdout
    printing.print_described(described, discovery, now=utc_now(), to=told)
    id_ = described.source.id
    if dry_run:
        write_line(addition.entry)
    else:
        printing.print_line(f"added to {settings.sources}, line {addition.line}")
        printing.print_line(f"look at what is a guess; `solidarity sources check {id_}` polls it")
    _print_figures(as_json, discovery, described, added=not dry_run)


def _look(url: str, picks: Sequence[str], said: Said, settings: Settings) -> Discovery:
    """Find the feeds; refuse beforehand what cannot be added anyway."""
    catalogue = _catalogue(read_text(settings.sources), settings)
    check_said(said, taken={source.id for source in catalogue.sources})
    try:
        spellings = spell_out(url)
    except ValueError as error:
        raise ConfigError(f"URL: {error}") from error
    try:
        feeds = [join_url(spellings[0], pick) for pick in picks]
    except ValueError as error:
        raise ConfigError(f"--feed: {error}") from error
    _refuse_known(catalogue, url=spellings[0], feeds=feeds)
    return discover(
        spellings,
        settings,
        picks=picks,
        zone=said.time_zone or home_zone(spellings[0]) or catalogue.topic.time_zone,
        clock=utc_now,
        show=lambda done, most, asked: write_line(
            plain(f"add: {done} of at most {most}; {asked}"), to=sys.stderr
        ),
    )


def _catalogue(text: str, settings: Settings) -> Catalogue:
    return parse_sources(text, name=settings.sources)


def _refuse_known(catalogue: Catalogue, *, url: str, feeds: Sequence[str]) -> None:
    if known := find_known(catalogue.sources, url=url, feeds=feeds):
        raise ConfigError(known)


def _write(
    discovery: Discovery, said: Said, settings: Settings, *, dry_run: bool
) -> tuple[Described, Addition]:
    """Add the entry to the file as it is now; in a dry run only to its text."""
    made: list[tuple[Described, Addition]] = []

    def change(text: str) -> str:
        made.append(_added(text, discovery, said, settings))
        return made[0][1].text

    if dry_run:
        change(read_text(settings.sources))
    else:
        change_text(settings.sources, change)
    return made[0]


def _added(
    text: str, discovery: Discovery, said: Said, settings: Settings
) -> tuple[Described, Addition]:
    catalogue = _catalogue(text, settings)
    feeds = [answer.url for answer in discovery.chosen]
    _refuse_known(catalogue, url=discovery.page_url, feeds=feeds)
    described = describe_outlet(
        discovery.chosen,
        discovery.facts,
        said,
        page_url=discovery.page_url,
        zone=catalogue.topic.time_zone,
        taken={source.id for source in catalogue.sources},
    )
    addition = add_entry(
        text,
        described.source,
        added_on=utc_now().astimezone(catalogue.topic.zone).date(),
        guessed=described.guessed,
        name=settings.sources,
    )
    return described, addition


def _print_figures(
    wanted: bool, discovery: Discovery, described: Described | None, *, added: bool
) -> None:
    if not wanted:
        return
    source: Source | None = described.source if described else None
    printing.print_json(
        {
            "added": added,
            "id": source.id if source else None,
            "feeds": [answer.url for answer in discovery.chosen],
            "entries": sum(len(answer.reading.entries) for answer in discovery.chosen),
            "others": [answer.url for answer in discovery.others],
            "guessed": list(described.guessed) if described else [],
            "requests": discovery.requests,
        }
    )
