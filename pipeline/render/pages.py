"""What the templates show, computed from a Digest: views without markup but for the charts."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from pipeline.charts import Chart, column_chart, percent
from pipeline.digests import (
    UNDETERMINED,
    Words,
    down_sources,
    is_unreliable,
    most_first,
    percent_change,
    recycled_share,
)
from pipeline.model import (
    ArchivedArticle,
    Digest,
    Figure,
    Outcome,
    Passage,
    Precision,
    PublisherKind,
    SourceHealth,
    Story,
    StorySummary,
)
from pipeline.render.quotes import (
    NAME_LENGTH,
    SENTENCE_LENGTH,
    TITLE_LENGTH,
    Quote,
    clean,
    language_tag,
    quoted,
    visible,
    web_address,
)

#: How much of each list the page shows: what a reader takes in at one sitting.
STORIES_TOLD = 10
STORIES_LISTED = 20
PASSAGES_SHOWN = 6
WORDS_SHOWN = 15
MENTIONS_SHOWN = 8
SOURCES_SHOWN = 12
LANGUAGES_SHOWN = 8
OUTLETS_NAMED = 4  # of each kind of publisher, in one story

#: From this many articles on: fewer make a chart of gaps, and the stories tell them all.
CHARTED = 7


@dataclass(frozen=True, slots=True)
class _FigureView:
    name: str
    value: str
    comparisons: tuple[tuple[str, str, str], ...]  # what, its number, the change


@dataclass(frozen=True, slots=True)
class _StoryView:
    headline: Quote
    sentences: tuple[Quote, ...]
    first: Quote
    first_at: str
    articles: int
    outlets: int
    width: str
    facts: tuple[str, ...]
    carriers: tuple[tuple[str, tuple[str, ...], int], ...]  # kind, some outlets, how many more


@dataclass(frozen=True, slots=True)
class _PassageView:
    quote: Quote
    times: str
    first: str


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    value: str
    width: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class _ChartView:
    chart: Chart
    svg: Markup
    title: str
    sub: str
    unit: str  # heads the first column of the numbers behind it


@dataclass(frozen=True, slots=True)
class DigestPage:
    """What the templates show, in the order in which they show it."""

    digest: Digest
    words: Words

    # the week in one sentence and five figures

    @property
    def language(self) -> str:
        return self.words.say("language")

    @property
    def topic(self) -> str:
        return clean(self.digest.topic)

    @property
    def zone(self) -> str:
        return self.digest.time_zone

    @property
    def is_empty(self) -> bool:
        return not self.digest.stories

    @property
    def range(self) -> str:
        first, last = self.digest.week.days[0], self.digest.week.days[-1]
        shown = self._year_day if first.year != last.year else self._day
        return self.words.say("date.range", first=shown(first), last=self._year_day(last))

    @property
    def brief(self) -> tuple[str, ...]:
        """The three facts that a reader takes away beside the headline."""
        return tuple(fact for fact in (self._largest(), self._peak(), self._copies()) if fact)

    @property
    def figures(self) -> tuple[_FigureView, ...]:
        return tuple(self._figure(figure) for figure in self.digest.figures)

    @property
    def is_comparable(self) -> bool:
        return any(figure.comparisons for figure in self.figures)

    @property
    def is_unreliable(self) -> bool:
        return is_unreliable(self.digest.method)

    @property
    def health(self) -> str:
        """Whether the sources were well enough to believe the counts."""
        method = self.digest.method
        down = len(down_sources(method))
        if not method.sources_asked:
            return self.words.say("health.unasked")
        if not down:
            return self.words.say("health.well")
        return self.words.say("health.ill", sources=self.words.count("count.sources", down))

    @property
    def before(self) -> tuple[tuple[str, int], ...]:
        """The articles of the weeks that an empty week is compared with."""
        return _comparisons(self.digest.figures[0])

    @property
    def asked(self) -> str:
        method = self.digest.method
        return self.words.say(
            "health.both",
            asked=self.words.count("health.asked", method.sources_asked),
            seen=self.words.count("health.seen", method.addresses_seen),
        )

    # what is new

    @property
    def stories(self) -> tuple[_StoryView, ...]:
        return tuple(self._story(told) for told in self.digest.stories[:STORIES_TOLD])

    @property
    def more_stories(self) -> tuple[_StoryView, ...]:
        rest = self.digest.stories[STORIES_TOLD : STORIES_TOLD + STORIES_LISTED]
        return tuple(self._story(told) for told in rest)

    @property
    def stories_left(self) -> int:
        return max(0, len(self.digest.stories) - STORIES_TOLD - STORIES_LISTED)

    # what is recycled

    @property
    def recycled(self) -> str:
        share = self.digest.recycled_share
        return self.words.say("recycled.share", percent=_share(share)) if share else ""

    @property
    def passages(self) -> tuple[_PassageView, ...]:
        return tuple(self._passage(p) for p in self.digest.passages[:PASSAGES_SHOWN])

    @property
    def passages_left(self) -> int:
        return max(0, len(self.digest.passages) - PASSAGES_SHOWN)

    # coverage in time

    @property
    def charts(self) -> tuple[_ChartView, ...]:
        return tuple(chart for chart in (self._days(), self._seasons()) if chart)

    @property
    def is_charted(self) -> bool:
        """Whether there are enough articles to be parted by day, publisher or language."""
        return sum(n for _, n in self.digest.per_day) >= CHARTED

    @property
    def publishers(self) -> tuple[_Row, ...]:
        counts = self.digest.per_publisher
        return self._rows([(self.words.name("publishers", kind), n) for kind, n in counts])

    @property
    def languages(self) -> tuple[_Row, ...]:
        counts = self.digest.per_language
        shown = [(self._language(code), n) for code, n in counts[:LANGUAGES_SHOWN]]
        others = sum(n for _, n in counts[LANGUAGES_SHOWN:])
        if others:
            shown.append((self.words.say("coverage.other"), others))
        return self._rows(shown)

    # words, mentions

    @property
    def keywords(self) -> tuple[tuple[Quote, str, _Row], ...]:
        risen = [word for word in self.digest.keywords if word.keyness > 0]
        largest = max((word.keyness for word in risen), default=0)
        return tuple(
            (
                Quote(visible(word.term, NAME_LENGTH), language_tag(word.language), None),
                self._language(word.language or UNDETERMINED),
                _Row(
                    name=self.words.number(word.articles),
                    value=self.words.number(round(word.keyness)),
                    width=percent(round(word.keyness * 100), round(largest * 100)),
                ),
            )
            for word in risen[:WORDS_SHOWN]
        )

    @property
    def rarer(self) -> tuple[Quote, ...]:
        fallen = [word for word in self.digest.keywords if word.keyness < 0]
        return tuple(
            Quote(visible(word.term, NAME_LENGTH), language_tag(word.language), None)
            for word in fallen[:WORDS_SHOWN]
        )

    @property
    def words_left(self) -> int:
        return max(0, sum(word.keyness > 0 for word in self.digest.keywords) - WORDS_SHOWN)

    @property
    def mentions(self) -> tuple[tuple[Quote, str], ...]:
        return tuple(
            (quoted(found.article.title, found, TITLE_LENGTH), self._moment(found))
            for found in self.digest.mentions[:MENTIONS_SHOWN]
        )

    @property
    def mentions_left(self) -> int:
        return max(0, len(self.digest.mentions) - MENTIONS_SHOWN)

    # how this was made

    @property
    def sources(self) -> str:
        method = self.digest.method
        return self.words.say(
            "method.sources_sub",
            asked=self.words.number(method.sources_asked),
            failing=self.words.number(len(method.failing)),
            silent=self.words.number(len(method.silent)),
        )

    @property
    def failing(self) -> tuple[tuple[str, str, str, str], ...]:
        """The worst first: name, failures of polls, last answer, reason."""
        worst = sorted(self.digest.method.failing, key=_severity)
        return tuple(self._failing(source) for source in worst[:SOURCES_SHOWN])

    @property
    def failing_left(self) -> int:
        return max(0, len(self.digest.method.failing) - SOURCES_SHOWN)

    @property
    def silent(self) -> tuple[str, ...]:
        names = sorted(visible(s.name, NAME_LENGTH) for s in self.digest.method.silent)
        return tuple(names[:SOURCES_SHOWN])

    @property
    def silent_left(self) -> int:
        return max(0, len(self.digest.method.silent) - SOURCES_SHOWN)

    @property
    def outcomes(self) -> tuple[_Row, ...]:
        """Every outcome that occurred; what is short of the addresses seen is a row too."""
        method = self.digest.method
        named = [
            (self.words.name("outcomes", outcome), method.outcomes[outcome])
            for outcome in Outcome
            if method.outcomes.get(outcome)
        ]
        unfinished = method.addresses_seen - sum(method.outcomes.values())
        if unfinished:
            named.append((self.words.say("method.unfinished"), unfinished))
        return self._rows(named)

    @property
    def reasons(self) -> tuple[_Row, ...]:
        return self._rows(
            [(visible(r, NAME_LENGTH), n) for r, n in most_first(self.digest.method.reasons)]
        )

    @property
    def queries(self) -> tuple[tuple[str, str], ...]:
        return tuple((clean(n), clean(q)) for n, q in sorted(self.digest.made_from.items()))

    @property
    def week_span(self) -> str:
        days = self.digest.week.days
        return self.words.say(
            "method.week",
            first=self._year_day(days[0]),
            last=self._year_day(days[-1]),
            zone=self.zone,
        )

    # parts

    def _largest(self) -> str:
        if len(self.digest.stories) < 2:  # noqa: PLR2004 - one story is the whole week
            return ""
        story = self.digest.stories[0].story
        return self.words.say(
            "brief.largest",
            articles=self.words.count("count.articles", len(story.articles)),
            outlets=self.words.count("count.outlets", len(_outlets(story))),
        )

    def _copies(self) -> str:
        copies = sum(told.story.copies for told in self.digest.stories)
        return self.words.count("brief.copies", copies) if copies else ""

    def _peak(self) -> str:
        peak = self._peak_day()
        if peak is None:
            return ""
        day, articles = self.digest.per_day[peak]
        return self.words.say(
            "brief.peak", day=self._weekday(day), count=self.words.number(articles)
        )

    def _peak_day(self) -> int | None:
        """Return where the busiest day stands, if there is one and enough to tell."""
        counts = [n for _, n in self.digest.per_day]
        largest = max(counts)
        is_peak = self.is_charted and counts.count(largest) == 1
        return counts.index(largest) if is_peak else None

    def _figure(self, figure: Figure) -> _FigureView:
        return _FigureView(
            name=self.words.name("figures", figure.name),
            value=self.words.number(figure.value),
            comparisons=tuple(
                (
                    self.words.say(f"figures.{key}"),
                    self.words.number(before),
                    _change(figure.value, before),
                )
                for key, before in _comparisons(figure)
            ),
        )

    def _story(self, told: StorySummary) -> _StoryView:
        story = told.story
        first = story.articles[0]
        largest = len(self.digest.stories[0].story.articles)
        return _StoryView(
            headline=quoted(told.headline.text, told.headline.article, TITLE_LENGTH),
            sentences=tuple(
                quoted(sentence.text, sentence.article, SENTENCE_LENGTH)
                for sentence in told.sentences
            ),
            first=quoted(first.article.title, first, TITLE_LENGTH),
            first_at=self._moment(first),
            articles=len(story.articles),
            outlets=len(_outlets(story)),
            width=percent(len(story.articles), largest),
            facts=self._facts(story),
            carriers=self._carriers(story),
        )

    def _facts(self, story: Story) -> tuple[str, ...]:
        languages = sorted({a.article.language or UNDETERMINED for a in story.articles})
        seen = recycled_share([story])
        facts = [self.words.say("list").join(self._language(code) for code in languages)]
        if copies := story.copies:
            facts.append(self.words.count("count.copies", copies))
        if seen is not None:
            key = {0.0: "new.all", 1.0: "new.none"}.get(seen, "new.share")
            facts.append(self.words.say(key, percent=_share(1 - seen)))
        return tuple(facts)

    def _carriers(self, story: Story) -> tuple[tuple[str, tuple[str, ...], int], ...]:
        by_kind: dict[PublisherKind, dict[str, str]] = defaultdict(dict)
        for article in story.articles:
            source = article.source
            by_kind[source.publisher].setdefault(source.id, visible(source.name, NAME_LENGTH))
        return tuple(
            (
                self.words.name("publishers", kind),
                tuple(outlets.values())[:OUTLETS_NAMED],
                max(0, len(outlets) - OUTLETS_NAMED),
            )
            for kind, outlets in sorted(by_kind.items(), key=lambda i: (-len(i[1]), i[0]))
        )

    def _passage(self, passage: Passage) -> _PassageView:
        return _PassageView(
            quote=Quote(
                text=visible(passage.text, SENTENCE_LENGTH),
                language=language_tag(passage.language),
                url=web_address(passage.first_url),
                outlet=visible(passage.first_source, NAME_LENGTH),
            ),
            times=self.words.say(
                "recycled.times", times=self.words.count("count.times", passage.times)
            ),
            first=self.words.say(
                "recycled.first", day=self._year_day(self._local(passage.first_at).date())
            ),
        )

    def _days(self) -> _ChartView | None:
        counts = self.digest.per_day
        if not self.is_charted:
            return None
        peak = self._peak_day()
        title = self.words.say("coverage.days")
        if peak is not None:
            title = self.words.say("coverage.days_peak", day=self._weekday(counts[peak][0]))
        short = [(f"{self._weekday_name(day)} {day.day}", n) for day, n in counts]
        return self._chart("days", short, title, marked=peak)

    def _seasons(self) -> _ChartView | None:
        counts = self.digest.seasons
        if len(counts) < 2:  # noqa: PLR2004 - one season has nothing to stand beside
            return None
        (before, articles_before), (label, articles) = counts[-2:]
        title = self.words.say(
            "coverage.seasons",
            label=label,
            articles=self.words.count("count.articles", articles),
            before=before,
            count=self.words.number(articles_before),
        )
        return self._chart("seasons", counts, title, marked=len(counts) - 1)

    def _chart(
        self, name: str, counts: Sequence[tuple[str, int]], title: str, *, marked: int | None
    ) -> _ChartView:
        items = (
            self.words.say("coverage.item", name=label, count=self.words.number(n))
            for label, n in counts
        )
        chart = column_chart(
            counts,
            name=name,
            title=self.words.say(f"coverage.{name}_title"),
            description=self.words.say("list").join(items),
            marked=marked,
        )
        return _ChartView(
            chart=chart,
            svg=Markup(chart.svg),  # noqa: S704 - charts escapes its words
            title=title,
            sub=self.words.say(f"coverage.{name}_sub"),
            unit=self.words.say("coverage.day" if name == "days" else "coverage.season"),
        )

    def _rows(self, counts: Sequence[tuple[str, int]]) -> tuple[_Row, ...]:
        largest = max((n for _, n in counts), default=0)
        return tuple(
            _Row(name=name, value=self.words.number(n), width=percent(max(0, n), largest))
            for name, n in counts
        )

    def _failing(self, source: SourceHealth) -> tuple[str, str, str, str]:
        last = source.last_success_at
        return (
            visible(source.name, NAME_LENGTH),
            self.words.say(
                "method.of_polls",
                failures=self.words.number(source.failures),
                polls=self.words.number(source.polls),
            ),
            self._clock(self._local(last), self._year_day)
            if last
            else self.words.say("method.never"),
            clean(source.reason, SENTENCE_LENGTH),
        )

    # names and moments

    def _language(self, code: str) -> str:
        return self.words.name("languages", visible(code, 12))

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))

    def _moment(self, found: ArchivedArticle) -> str:
        """Say when an article appeared, no more exactly than it says itself."""
        at = self._local(found.published_at)
        published = found.article.published
        if published and published.precision is Precision.DAY:
            return self._weekday(at.date())
        return self._clock(at, self._weekday)

    def _clock(self, at: datetime, write_day: Callable[[date], str]) -> str:
        day = write_day(at.date())
        return self.words.say(
            "date.moment", day=day, hour=f"{at.hour:02d}", minute=f"{at.minute:02d}"
        )

    def _weekday_name(self, day: date) -> str:
        return self.words.say(f"weekdays.{day.isoweekday()}")

    def _weekday(self, day: date) -> str:
        return self.words.say(
            "date.weekday",
            weekday=self._weekday_name(day),
            day=str(day.day),
            month=self._month(day),
        )

    def _day(self, day: date) -> str:
        return self.words.say("date.day", day=str(day.day), month=self._month(day))

    def _year_day(self, day: date) -> str:
        return self.words.say(
            "date.day_year", day=str(day.day), month=self._month(day), year=str(day.year)
        )

    def _month(self, day: date) -> str:
        return self.words.say(f"months.{day.month}")


def _outlets(story: Story) -> set[str]:
    return {article.source.id for article in story.articles}


def _share(share: float) -> str:
    """Write a share in per cent; a small one is not none, a large one not all."""
    return str(min(99, max(1, round(100 * share)))) if 0 < share < 1 else str(round(100 * share))


def _comparisons(figure: Figure) -> tuple[tuple[str, int], ...]:
    pairs = (("last_week", figure.last_week), ("last_year", figure.last_year))
    return tuple((name, before) for name, before in pairs if before is not None)


def _change(now: int, before: int) -> str:
    """Return the difference as a signed number, in per cent where that is fair."""
    change = percent_change(now, before)
    if change is None:
        return f"{now - before:+,}".replace("-", "−") if now != before else "="
    return f"{change:+}%".replace("-", "−")


def _severity(source: SourceHealth) -> tuple[float, str]:
    return -source.failures / max(1, source.polls), source.name
