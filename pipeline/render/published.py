"""Digests as they lie in the reports folder: JSON → what the overview and revisions need.

The folder is all that they need, so it can be copied, served, or made from several
archives. It is also where strangers can put files, so nothing in one is believed
unless it has the shape that we write.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.model import ArticleLink, Revision, SeasonCounts, Week
from pipeline.render.data import JSON_FORMAT

#: Of a week's stories that the feed names.
STORIES_NAMED = 5

#: Days of the longest season, a year; a longer list is not one.
_LONGEST_SEASON = 366


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
    revisions: tuple[Revision, ...]

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
        week=Week.parse(data["week"]),
        language=str(data["language"]),
        topic=str(data["topic"]),
        zone=ZoneInfo(str(data["time_zone"])),
        headline=str(data["headline"]),
        figures={str(name): int(figure["value"]) for name, figure in data["figures"].items()},
        seasons=tuple(map(_season, data["coverage"]["seasons"])),
        stories=tuple(_headline(story["headline"], articles) for story in named),
        articles=tuple(map(_link, articles.values())),
        as_of=_moment(data["as_of"]) if data["as_of"] else None,
        is_over=bool(data["is_over"]),
        revisions=tuple(map(_revision, data["revisions"])),
    )


def _season(data: Mapping[str, Any]) -> SeasonCounts:
    per_day = tuple(max(0, int(n)) for n in data["per_day"][:_LONGEST_SEASON])
    return SeasonCounts(
        label=str(data["label"]), first=date.fromisoformat(data["first_day"]), per_day=per_day
    )


def _headline(sentence: Mapping[str, Any], articles: Mapping[Any, Any]) -> ArticleLink:
    return _link({**articles[sentence["article"]], "title": sentence["text"]})


def _link(data: Mapping[str, Any]) -> ArticleLink:
    language = data["language"]
    return ArticleLink(
        url=str(data["url"]),
        title=str(data["title"]),
        outlet=str(data["outlet"]),
        language=None if language is None else str(language),
    )


def _revision(data: Mapping[str, Any]) -> Revision:
    return Revision(
        number=int(data["number"]),
        as_of=_moment(data["as_of"]),
        added=tuple(map(_link, data["added"])),
        withdrawn=tuple(map(_link, data["withdrawn"])),
        figures=tuple(
            (str(name), int(change["before"]), int(change["after"]))
            for name, change in data["figures"].items()
        ),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment without its zone: {text!r}")
    return moment
