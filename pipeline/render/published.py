"""Digests as they lie in the reports folder: JSON → what the overview and revisions need.

The folder is all that they need, so it can be copied, served, or made from several
archives. It is also where strangers can put files, so nothing in one is believed
unless it has the shape that we write: a text is a text, a count a count, a day or a moment lies
in the years that there can be news of.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pipeline.model import ArticleLink, Revision, SeasonCounts, Week
from pipeline.render.data import JSON_FORMAT
from pipeline.render.quotes import SURROGATE
from pipeline.wording import LANGUAGES

_Dated = TypeVar("_Dated", date, datetime, Week)

#: Of a week's stories that the feed names.
STORIES_NAMED = 5

#: Days of the longest season, a year; a longer list is not one.
_LONGEST_SEASON = 366

#: The figures of a week; others are none of ours.
_FIGURES = ("articles", "texts", "stories", "outlets", "languages")

#: No week and no day has more articles, or the world would write of nothing else.
_LARGEST_COUNT = 10**9

#: Of weeks as the commands take them, and of days and moments, which may lie beside them.
_WEEK_YEARS = range(1900, 2101)
_YEARS = range(1900, 2201)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedWeek:
    """What a digest that was written says of its week."""

    week: Week
    language: str  # of the page's own words
    topic: str
    zone: ZoneInfo
    headline: str
    figures: Mapping[str, int]
    seasons: tuple[SeasonCounts, ...]
    stories: tuple[ArticleLink, ...]  # the first `STORIES_NAMED`
    articles: tuple[ArticleLink, ...]  # of all stories
    as_of: datetime | None
    is_over: bool
    sources_asked: int
    revisions: tuple[Revision, ...]
    has_page: bool = True  # False: it lies there without its HTML

    @property
    def articles_found(self) -> int:
        """How many articles the week brought."""
        return self.figures.get("articles", 0)

    @property
    def revision(self) -> int:
        """The number of the latest revision; 1 as first published."""
        return self.revisions[-1].number if self.revisions else 1

    @property
    def updated(self) -> datetime:
        """When what it says last changed: what it knows last, or else the week's end."""
        if self.revisions:
            return self.revisions[-1].as_of
        return self.as_of or self.week.end(self.zone)


def read_published(text: str) -> PublishedWeek:
    """Read a digest's JSON.

    Raises:
        ValueError: it is none, or none of this format.
    """
    try:
        data = json.loads(text)
        if data["format"] != JSON_FORMAT:
            raise ValueError(f"not of the format {JSON_FORMAT}")
        return _published(data)
    except (LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"no digest: {error!r}") from error


def _published(data: Mapping[str, Any]) -> PublishedWeek:
    articles = {one["id"]: one for story in data["stories"] for one in story["articles"]}
    named = data["stories"][:STORIES_NAMED]
    return PublishedWeek(
        week=_within(_WEEK_YEARS, Week.parse(_text(data["week"]))),
        language=_language(data["language"]),
        topic=_text(data["topic"]),
        zone=_zone(data["time_zone"]),
        headline=_text(data["headline"]),
        figures={name: _count(figure["value"]) for name, figure in _figures(data)},
        seasons=tuple(map(_season, data["coverage"]["seasons"])),
        stories=tuple(_headline(story["headline"], articles) for story in named),
        articles=tuple(map(_link, articles.values())),
        as_of=_moment(data["as_of"]) if data["as_of"] else None,
        is_over=_flag(data["is_over"]),
        sources_asked=_count(data["method"]["sources_asked"]),
        revisions=tuple(_revision(one, n) for n, one in enumerate(data["revisions"], 2)),
    )


def _figures(data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in data["figures"].items() if name in _FIGURES]


def _season(data: Mapping[str, Any]) -> SeasonCounts:
    per_day = tuple(map(_count, data["per_day"]))
    if not 1 <= len(per_day) <= _LONGEST_SEASON:
        raise ValueError(f"a season of {len(per_day)} days")
    return SeasonCounts(
        label=_text(data["label"]),
        first=_within(_YEARS, date.fromisoformat(data["first_day"])),
        per_day=per_day,
        is_whole=_flag(data.get("is_whole", True)),
    )


def _headline(sentence: Mapping[str, Any], articles: Mapping[Any, Any]) -> ArticleLink:
    return _link({**articles[sentence["article"]], "title": sentence["text"]})


def _link(data: Mapping[str, Any]) -> ArticleLink:
    language = data["language"]
    return ArticleLink(
        url=_text(data["url"]),
        title=_text(data["title"]),
        outlet=_text(data["outlet"]),
        language=None if language is None else _text(language),
    )


def _revision(data: Mapping[str, Any], number: int) -> Revision:
    if data["number"] != number:
        raise ValueError(f"revision {data['number']!r} in the place of {number}")
    return Revision(
        number=number,
        as_of=_moment(data["as_of"]),
        added=tuple(map(_link, data["added"])),
        withdrawn=tuple(map(_link, data["withdrawn"])),
        figures=tuple(
            (name, _count(change["before"]), _count(change["after"]))
            for name, change in _figures(data)
        ),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment without its zone: {text!r}")
    return _within(_YEARS, moment.astimezone(UTC))


def _within(years: range, what: _Dated) -> _Dated:
    if what.year not in years:
        raise ValueError(f"not between {years[0]} and {years[-1]}: {what}")
    return what


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(_text(name))
    except OSError as error:  # the name of a folder of zones, or too long for a file
        raise ValueError(f"no time zone: {error}") from error


def _language(value: object) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"no language of a digest: {value!r}")
    return _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or SURROGATE.search(value):
        raise ValueError(f"no text that we write: {value!r}")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_COUNT:
        raise ValueError(f"no count: {value!r}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"neither true nor false: {value!r}")  # noqa: TRY004 - as all else here
    return value
