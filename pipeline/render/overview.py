"""All weeks of the reports folder → its front page and its Atom feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from markupsafe import Markup

from pipeline.charts import percent
from pipeline.model import ArticleLink, SeasonCounts
from pipeline.render.coverage import season_svg
from pipeline.render.documents import templates
from pipeline.render.published import PublishedWeek
from pipeline.render.quotes import (
    NAME_LENGTH,
    TITLE_LENGTH,
    Quote,
    clean,
    language_tag,
    visible,
    web_address,
)
from pipeline.render.writing import Writer
from pipeline.wording import Words, load_words

#: Weeks in the feed: a reader that was away for a year misses none.
FEED_WEEKS = 53

#: Characters of a headline; ours are shorter.
_HEADLINE_LENGTH = 400


@dataclass(frozen=True, slots=True)
class _WeekView:
    name: str
    range: str
    language: str | None
    headline: str
    articles: str
    width: str
    revision: str  # empty: as first published
    updated: str  # as Atom writes it
    id: str
    figures: tuple[tuple[str, str], ...]
    stories: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class _SeasonView:
    name: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class _Overview:
    """What the two templates show; the newest week first."""

    published: Sequence[PublishedWeek]
    words: Words

    @property
    def topic(self) -> str:
        return clean(self.words.name("topics", self.published[0].topic))

    @property
    def language(self) -> str:
        return self.words.say("language")

    @property
    def id(self) -> str:
        return _urn(self.published[0].topic)

    @property
    def updated(self) -> str:
        return _rfc3339(max(one.updated for one in self.published))

    @property
    def years(self) -> tuple[tuple[int, tuple[_WeekView, ...]], ...]:
        by_year = groupby(self.published, key=lambda one: one.week.year)
        return tuple((year, tuple(map(self._week, weeks))) for year, weeks in by_year)

    @property
    def newest(self) -> tuple[_WeekView, ...]:
        return tuple(map(self._week, self.published[:FEED_WEEKS]))

    @property
    def count(self) -> str:
        return self.words.count("index.sub", len(self.published))

    @property
    def seasons(self) -> tuple[_SeasonView, ...]:
        """Every season that any digest knows, the latest first."""
        known: dict[str, SeasonCounts] = {}
        for season in (season for one in self.published for season in one.seasons):
            other = known.get(season.label)
            # The newest week that has it comes first; one that saw more of it knows better.
            if other is None or len(season.per_day) > len(other.per_day):
                known[season.label] = season
        if not known:
            return ()
        length = max(len(season.per_day) for season in known.values())
        most = max(max(season.per_day, default=0) for season in known.values())
        latest_first = sorted(known.values(), key=lambda season: season.first, reverse=True)
        return tuple(self._season(season, length, most) for season in latest_first)

    def _season(self, season: SeasonCounts, length: int, most: int) -> _SeasonView:
        name = self.words.say(
            "index.season",
            label=visible(season.label, NAME_LENGTH),
            articles=self.words.count("count.articles", season.articles),
        )
        return _SeasonView(name, season_svg(self._writer, season, length=length, most=most))

    @property
    def _writer(self) -> Writer:
        return Writer(self.words, self.published[0].zone.key)

    def _week(self, one: PublishedWeek) -> _WeekView:
        articles = one.figures.get("articles", 0)
        most = max(other.figures.get("articles", 0) for other in self.published)
        say = self.words.say
        return _WeekView(
            name=str(one.week),
            range=self._writer.week_range(one.week),
            language=language_tag(one.language),
            headline=visible(one.headline, _HEADLINE_LENGTH),
            articles=self.words.number(articles),
            width=percent(max(0, articles), most),
            revision=say("revision.name", number=str(one.revision)) if one.revisions else "",
            updated=_rfc3339(one.updated),
            id=_urn(f"{one.topic} {one.week}"),
            figures=tuple(
                (self.words.name("figures", visible(name, NAME_LENGTH)), self.words.number(n))
                for name, n in one.figures.items()
            ),
            stories=tuple(map(_quote, one.stories)),
        )


def render_index(published: Sequence[PublishedWeek], *, language: str = "en") -> str:
    """Return the front page of the folder: every week, and a picture of each season.

    ``published`` are at least one week.
    """
    return _render("index.html", published, language)


def render_feed(published: Sequence[PublishedWeek], *, language: str = "en") -> str:
    """Return the newest weeks as an Atom feed (RFC 4287), to lie beside their pages.

    Its links are relative, so it can be served anywhere. ``published`` are at least one
    week.
    """
    return _render("feed.xml", published, language)


def _render(template: str, published: Sequence[PublishedWeek], language: str) -> str:
    words = load_words(language)
    newest_first = sorted(published, key=lambda one: one.week, reverse=True)
    text = (
        templates()
        .get_template(template)
        .render(overview=_Overview(newest_first, words), say=words.say)
    )
    return text.lstrip()


def _quote(link: ArticleLink) -> Quote:
    return Quote(
        text=visible(link.title, TITLE_LENGTH),
        language=language_tag(link.language),
        url=web_address(link.url),
        outlet=visible(link.outlet, NAME_LENGTH),
    )


def _urn(name: str) -> str:
    """Return an identifier that is the same wherever the folder is served (RFC 4287, 4.2.6)."""
    return uuid5(NAMESPACE_URL, f"solidarity-digest:{name}").urn


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
