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
from pipeline.wording import LANGUAGES

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
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="az|en|ru|tr",
        help="Of the digest's own words [SOLIDARITY_LANGUAGE; en].",
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


def with_language(settings: Settings, language: str | None) -> Settings:
    """Return the settings with the language that was given for the digest's own words.

    Raises:
        ConfigError: there is no digest in it.
    """
    if language is None:
        return settings
    if language not in LANGUAGES:
        raise ConfigError(f"--language: none of {', '.join(LANGUAGES)}: {language!r}")
    return replace(settings, language=language)


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


def read_week(name: str, *, option: str = "--week") -> Week:
    """Read the name of a week.

    Raises:
        ConfigError: it is none, or none of our time.
    """
    try:
        week = Week.parse(name)
    except ValueError as error:
        raise ConfigError(f"{option}: {error}") from error
    if not _FIRST_YEAR <= week.year <= _LAST_YEAR:
        raise ConfigError(f"{option}: not between {_FIRST_YEAR} and {_LAST_YEAR}: {name!r}")
    return week


def choose_weeks(
    week: str | None, first: str | None, last: str | None, year: int | None, *, now: Week
) -> list[Week]:
    """Return the weeks that the options name, the oldest first; without any, the current one.

    Raises:
        ConfigError: they cannot be read, contradict each other, or name no week that has begun.
    """
    if sum((week is not None, first is not None or last is not None, year is not None)) > 1:
        raise ConfigError("choose one of --week, --from with --to, and --year")
    if year is not None:
        return _weeks_of(year, now)
    if first is None and last is None:
        return [now if week is None else _begun("--week", read_week(week), now)]
    if first is None:
        raise ConfigError("--to needs a --from")
    start = _begun("--from", read_week(first, option="--from"), now)
    end = now if last is None else _begun("--to", read_week(last, option="--to"), now)
    if end < start:
        raise ConfigError(f"--from {start} is after --to {end}")
    return list(_weeks(start, end))


def _begun(option: str, week: Week, now: Week) -> Week:
    if week > now:
        raise ConfigError(f"{option}: {week} has not begun; the current week is {now}")
    return week


def _weeks_of(year: int, now: Week) -> list[Week]:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ConfigError(f"--year: not between {_FIRST_YEAR} and {_LAST_YEAR}: {year}")
    if year > now.year:
        raise ConfigError(f"--year: {year} has not begun; the current week is {now}")
    # 28 December lies in the last week of every ISO year.
    return list(_weeks(Week(year, 1), min(Week.holding(date(year, 12, 28)), now)))


def _weeks(start: Week, end: Week) -> Iterator[Week]:
    while start <= end:
        yield start
        start = start.shifted(1)
