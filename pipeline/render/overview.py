"""All weeks of the reports folder → its front page and its Atom feed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from markupsafe import Markup

from pipeline.charts import percent
from pipeline.model import ArticleLink, SeasonCounts
from pipeline.render.coverage import SeasonDrawing, season_ends
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

#: Weeks in a row in which nobody looked and nothing was found: so many become one line.
FOLDED = 3

#: Characters of a headline; ours are shorter.
_HEADLINE_LENGTH = 400


@dataclass(frozen=True, slots=True)
class _WeekView:
    name: str
    page: str  # empty: there is none
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
class _Line:
    """A week, or a run of weeks that are folded into one line, from the first to the last."""

    weeks: tuple[_WeekView, ...]
    range: str
    note: str  # empty: a week


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
    def years(self) -> tuple[tuple[int, tuple[_Line, ...]], ...]:
        by_year = groupby(self.published, key=lambda one: one.week.year)
        return tuple((year, tuple(map(self._line, _folded(weeks)))) for year, weeks in by_year)

    @property
    def newest(self) -> tuple[_WeekView, ...]:
        return tuple(map(self._week, self.published[:FEED_WEEKS]))

    @property
    def count(self) -> str:
        return self.words.count("index.sub", len(self.published))

    @property
    def seasons(self) -> tuple[_SeasonView, ...]:
        """Every season that any digest knows, the latest first."""
        known = self._known_seasons
        draw = SeasonDrawing(self._writer, known).draw
        return tuple(_SeasonView(self._season_name(season), draw(season)) for season in known)

    @property
    def season_ends(self) -> tuple[str, str]:
        """The first and the last day that the pictures of seasons show."""
        return season_ends(self._writer, self._known_seasons)

    @property
    def _known_seasons(self) -> list[SeasonCounts]:
        known: dict[int, SeasonCounts] = {}
        for season in (season for one in self.published for season in one.seasons):
            other = known.get(season.first.year)
            # The newest week that has it comes first; one that saw more of it knows better.
            if other is None or len(season.per_day) > len(other.per_day):
                label = visible(season.label, NAME_LENGTH)
                known[season.first.year] = replace(season, label=label)
        return sorted(known.values(), key=lambda season: season.first, reverse=True)

    def _season_name(self, season: SeasonCounts) -> str:
        return self.words.say(
            "index.season" if season.is_whole else "index.season_running",
            label=season.label,
            articles=self.words.count("count.articles", season.articles),
        )

    @property
    def _writer(self) -> Writer:
        return Writer(self.words, self.published[0].zone.key)

    def _line(self, newest_first: Sequence[PublishedWeek]) -> _Line:
        first, last = newest_first[-1], newest_first[0]
        if first is last:
            return _Line((self._week(last),), self._writer.week_range(last.week), "")
        return _Line(
            weeks=(self._week(first), self._week(last)),
            range=self._writer.span(first.week.days[0], last.week.days[-1]),
            note=self.words.count("index.unasked", len(newest_first)),
        )

    def _week(self, one: PublishedWeek) -> _WeekView:
        most = max(other.articles_found for other in self.published)
        say = self.words.say
        return _WeekView(
            name=str(one.week),
            page=f"{one.week}.html" if one.has_page else "",
            range=self._writer.week_range(one.week),
            language=language_tag(one.language),
            headline=visible(one.headline, _HEADLINE_LENGTH),
            articles=self.words.number(one.articles_found),
            width=percent(one.articles_found, most),
            revision=say("revision.name", number=str(one.revision)) if one.revisions else "",
            updated=_rfc3339(one.updated),
            id=_urn(f"{one.topic} {one.week}"),
            figures=tuple(
                (self.words.name("figures", name), self.words.number(n))
                for name, n in one.figures.items()
            ),
            stories=tuple(map(_quote, one.stories)),
        )


def render_index(published: Sequence[PublishedWeek]) -> str:
    """Return the front page of the folder: every week, and a picture of each season.

    It is in the language of the newest of ``published``, which are at least one week.
    """
    return _render("index.html", published)


def render_feed(published: Sequence[PublishedWeek]) -> str:
    """Return the newest weeks as an Atom feed (RFC 4287), to lie beside their pages.

    Its links are relative, so it can be served anywhere. It is in the language of the
    newest of ``published``, which are at least one week.
    """
    return _render("feed.xml", published)


def _render(template: str, published: Sequence[PublishedWeek]) -> str:
    newest_first = sorted(published, key=lambda one: one.week, reverse=True)
    words = load_words(newest_first[0].language)
    text = (
        templates()
        .get_template(template)
        .render(overview=_Overview(newest_first, words), say=words.say)
    )
    return text.lstrip()


def _folded(newest_first: Iterable[PublishedWeek]) -> Iterator[list[PublishedWeek]]:
    """Yield each week alone, but `FOLDED` and more silent ones in a row together."""
    run: list[PublishedWeek] = []
    for one in newest_first:
        follows = run and run[-1].week == one.week.shifted(1)
        if not (follows and _is_silent(one) and _is_silent(run[-1])):
            yield from _together(run)
            run = []
        run.append(one)
    yield from _together(run)


def _together(run: list[PublishedWeek]) -> list[list[PublishedWeek]]:
    return [run] if len(run) >= FOLDED else [[one] for one in run]


def _is_silent(one: PublishedWeek) -> bool:
    return not one.sources_asked and not one.articles_found


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
