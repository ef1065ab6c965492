"""What every command takes, and what it is turned into."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import ConfigError
from pipeline.model import Topic, Week
from pipeline.settings import Settings, read_settings
from pipeline.sources import Catalogue, parse_sources
from pipeline.store.database import Archive
from pipeline.web.clock import utc_now

Sources = Annotated[
    str | None,
    typer.Option(
        "--sources",
        metavar="FILE",
        help="The topic and the outlets [SOLIDARITY_SOURCES; sources.yaml].",
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="The archive [SOLIDARITY_DATABASE_URL; sqlite:///db/news.db].",
    ),
]
Reports = Annotated[
    str | None,
    typer.Option(
        "--reports", metavar="DIR", help="Where digests go [SOLIDARITY_REPORTS; reports]."
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print the figures as one JSON object on the last line.")
]

#: Years that a digest can be of; the archive's moments are of this time.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def choose(
    sources: str | None, database: str | None, reports: str | None
) -> tuple[Settings, Catalogue]:
    """Return the settings, and what the sources.yaml that they name says.

    Raises:
        ConfigError: the environment, an option or sources.yaml cannot be used.
    """
    settings = with_options(read_settings(os.environ), sources, database, reports)
    return settings, read_catalogue(settings)


def with_options(
    settings: Settings, sources: str | None, database: str | None, reports: str | None
) -> Settings:
    """Return the settings with the options that were given.

    Raises:
        ConfigError: an option is empty.
    """
    given = {"sources": sources, "database_url": database, "reports": reports}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for name, value in chosen.items():
        if not value.strip():
            raise ConfigError(f"--{name.removesuffix('_url')} is empty")
    return replace(settings, **chosen)


def read_catalogue(settings: Settings) -> Catalogue:
    """Read sources.yaml.

    Raises:
        ConfigError: it is not there or cannot be used; the message has the line.
    """
    path = Path(settings.sources)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}; name another with --sources") from error
    return parse_sources(text, name=str(path))


@contextmanager
def opened(settings: Settings, *, read_only: bool = False) -> Iterator[Archive]:
    """Open the archive for as long as the context lasts.

    Raises:
        StoreError: it cannot be used.
    """
    archive = Archive.open(settings.database_url, settings.pages_folder, read_only=read_only)
    try:
        yield archive
    finally:
        archive.close()


def this_week(topic: Topic) -> Week:
    """Return the current week in the topic's zone."""
    return Week.of(utc_now(), topic.zone)


def read_day(name: str, topic: Topic) -> datetime:
    """Return the beginning of a day in the topic's zone.

    Raises:
        ConfigError: it is no day such as 2026-12-31.
    """
    try:
        day = date.fromisoformat(name.strip())
    except ValueError as error:
        raise ConfigError(f"not a day such as 2026-12-31: {name!r}") from error
    return datetime.combine(day, time(), topic.zone)


def read_week(name: str) -> Week:
    """Read the name of a week.

    Raises:
        ConfigError: it is none, or none of our time.
    """
    try:
        week = Week.parse(name)
    except ValueError as error:
        raise ConfigError(f"--week: {error}") from error
    if not _FIRST_YEAR <= week.year <= _LAST_YEAR:
        raise ConfigError(f"--week: not between {_FIRST_YEAR} and {_LAST_YEAR}: {name!r}")
    return week
