"""What the templates show of the coverage in time: charts, and the tables behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from pipeline.charts import Chart, column_chart, percent, season_chart
from pipeline.model import Digest, SeasonCounts, Week
from pipeline.render.writing import Writer
from pipeline.wording import Words

LANGUAGES_SHOWN = 8

#: From this many articles on: fewer make a chart of gaps, and the stories tell them all.
CHARTED = 7

#: Of the figures; stories of long past weeks are not made again.
_YEARLY = ("articles", "texts", "outlets", "languages")


@dataclass(frozen=True, slots=True)
class Row:
    """A name, its number, and a bar for it."""

    name: str
    value: str
    width: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart, what it says, and the labels around it."""

    chart: Chart
    svg: Markup
    title: str
    sub: str
    unit: str  # heads the first column of the numbers behind it


@dataclass(frozen=True, slots=True)
class SeasonView:
    """One year's season: its picture and its numbers."""

    label: str
    svg: Markup
    so_far: str  # up to the day of the season that the week has reached
    total: str  # empty: the season goes on
    is_latest: bool


@dataclass(frozen=True, slots=True)
class YearView:
    """The same week of the holiday in one year."""

    name: str
    range: str
    values: tuple[str, ...]
    is_this: bool


def rows(words: Words, counts: Sequence[tuple[str, int]]) -> tuple[Row, ...]:
    """Return the counts as rows, each bar beside the largest."""
    largest = max((n for _, n in counts), default=0)
    return tuple(
        Row(name=name, value=words.number(n), width=percent(max(0, n), largest))
        for name, n in counts
    )


def peak_day(digest: Digest) -> int | None:
    """Return where the busiest day stands, if there is one and enough to tell."""
    counts = [n for _, n in digest.per_day]
    largest = max(counts)
    is_peak = sum(counts) >= CHARTED and counts.count(largest) == 1
    return counts.index(largest) if is_peak else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The part “coverage in time”."""

    digest: Digest
    words: Words
    writer: Writer

    def __bool__(self) -> bool:
        return bool(self.is_charted or self.seasons or self.years)

    @property
    def is_charted(self) -> bool:
        """Whether there are enough articles to be parted by day, publisher or language."""
        return sum(n for _, n in self.digest.per_day) >= CHARTED

    @property
    def days(self) -> ChartView | None:
        """Articles per day of the week."""
        counts = self.digest.per_day
        if not self.is_charted:
            return None
        peak = peak_day(self.digest)
        title = self.words.say("coverage.days")
        if peak is not None:
            title = self.words.say("coverage.days_peak", day=self.writer.weekday(counts[peak][0]))
        short = [(f"{self.writer.weekday_name(day)} {day.day}", n) for day, n in counts]
        chart = column_chart(
            short,
            name="days",
            title=self.words.say("coverage.days_title"),
            description=self._described(short),
            marked=peak,
        )
        return ChartView(
            chart=chart,
            svg=Markup(chart.svg),  # noqa: S704 - charts escapes its words
            title=title,
            sub=self.words.say("coverage.days_sub"),
            unit=self.words.say("coverage.day"),
        )

    def _described(self, counts: Sequence[tuple[str, int]]) -> str:
        return self.writer.listed(
            [
                self.words.say("coverage.item", name=label, count=self.words.number(n))
                for label, n in counts
            ]
        )

    # the season against those of earlier years

    @property
    def seasons(self) -> tuple[SeasonView, ...]:
        """Every season that the archive knows, the latest first; one alone is no comparison."""
        known = self.digest.seasons
        if len(known) < 2:  # noqa: PLR2004 - one season has nothing to stand beside
            return ()
        draw = SeasonDrawing(self.writer, known, marked=self.digest.week.days).draw
        return tuple(
            SeasonView(
                label=season.label,
                svg=draw(season),
                so_far=self.words.number(self._until_now(season)),
                total=self.words.number(season.articles) if season.is_whole else "",
                is_latest=season is known[-1],
            )
            for season in reversed(known)
        )

    def _until_now(self, season: SeasonCounts) -> int:
        """Count a season up to the day that the latest has reached."""
        if not self.is_running:  # one with a 29 February is a day longer
            return season.articles
        return sum(season.per_day[: len(self.digest.seasons[-1].per_day)])

    @property
    def is_running(self) -> bool:
        """Whether the latest season goes on after the week."""
        return not self.digest.seasons[-1].is_whole

    @property
    def seasons_title(self) -> str:
        """What the seasons say: the latest up to now beside the one before up to its day."""
        before, latest = self.digest.seasons[-2:]
        return self.words.say(
            "coverage.seasons" if self.is_running else "coverage.seasons_whole",
            label=latest.label,
            articles=self.words.count("count.articles", latest.articles),
            before=before.label,
            count=self.words.number(self._until_now(before)),
        )

    @property
    def seasons_sub(self) -> str:
        """What the pictures of the seasons show, and of which days."""
        latest = self.digest.seasons[-1]
        first, last = season_ends(self.writer, self.digest.seasons)
        days = self.words.say("coverage.seasons_sub", first=first, last=last)
        drawn = range(len(latest.per_day))
        if any((day - latest.first).days in drawn for day in self.digest.week.days):
            return f"{days} {self.words.say('coverage.seasons_marked')}"
        return days

    @property
    def so_far(self) -> str:
        """Heads the numbers of every season up to the day that the latest has reached."""
        if not self.is_running:
            return self.words.say("coverage.articles")
        latest = self.digest.seasons[-1]
        reached = latest.first + timedelta(days=max(0, len(latest.per_day) - 1))
        return self.words.say("coverage.so_far", day=self.writer.day(reached))

    # the same week of the holiday in other years

    @property
    def years(self) -> tuple[YearView, ...]:
        """This week, and the same week of the holiday in each year before.

        Empty where none of them has enough articles for a table to tell anything.
        """
        chosen = [figure for figure in self.digest.figures if figure.name in _YEARLY]
        weeks = [week for week, _ in chosen[0].earlier]
        if max([chosen[0].value, *(n for _, n in chosen[0].earlier)]) < CHARTED or not weeks:
            return ()
        counts = [dict(figure.earlier) for figure in chosen]
        before = [self._year(week, [known.get(week) for known in counts]) for week in weeks]
        now = self._year(self.digest.week, [figure.value for figure in chosen], is_this=True)
        return (now, *before)

    @property
    def years_heads(self) -> tuple[str, ...]:
        """Heads the columns of the years."""
        return tuple(self.words.say(f"figures.{name}") for name in _YEARLY)

    def _year(self, week: Week, values: Sequence[int | None], *, is_this: bool = False) -> YearView:
        return YearView(
            name=str(week),
            range=self.writer.week_range(week),
            values=tuple("–" if n is None else self.words.number(n) for n in values),
            is_this=is_this,
        )

    # by kind of publisher and by language

    @property
    def publishers(self) -> tuple[Row, ...]:
        """Articles by who stands behind the outlet."""
        counts = self.digest.per_publisher
        return rows(self.words, [(self.words.name("publishers", kind), n) for kind, n in counts])

    @property
    def languages(self) -> tuple[Row, ...]:
        """Articles by language; the rare ones together."""
        counts = self.digest.per_language
        shown = [(self.writer.language(code), n) for code, n in counts[:LANGUAGES_SHOWN]]
        others = sum(n for _, n in counts[LANGUAGES_SHOWN:])
        if others:
            shown.append((self.words.say("coverage.other"), others))
        return rows(self.words, shown)


def season_ends(writer: Writer, seasons: Sequence[SeasonCounts]) -> tuple[str, str]:
    """Write the first and the last day of the season, as the latest whole one has them."""
    latest_first = sorted(seasons, key=lambda season: season.first, reverse=True)
    shown = next((season for season in latest_first if season.is_whole), latest_first[0])
    last = shown.first + timedelta(days=len(shown.per_day) - 1)
    return writer.day(shown.first), writer.day(last)


@dataclass(frozen=True, slots=True)
class SeasonDrawing:
    """Draws seasons on one scale, so that their pictures can be compared."""

    writer: Writer
    seasons: Sequence[SeasonCounts]
    marked: Sequence[date] = ()

    def draw(self, season: SeasonCounts) -> Markup:
        """Draw one of them."""
        svg = season_chart(
            season.per_day,
            length=max(len(one.per_day) for one in self.seasons),
            most=max(max(one.per_day) for one in self.seasons),
            marked={(day - season.first).days for day in self.marked},
            name=f"season-{season.first.year}",
            title=self.writer.words.say("coverage.season_title", label=season.label),
            description=self._described(season),
        )
        return Markup(svg)  # noqa: S704 - charts escapes its words

    def _described(self, season: SeasonCounts) -> str:
        words, most = self.writer.words, max(season.per_day)
        articles = words.count("count.articles", season.articles)
        if not most or season.per_day.count(most) > 1:  # no day is the busiest
            return words.say("coverage.item", name=season.label, count=articles)
        busiest = season.first + timedelta(days=season.per_day.index(most))
        return words.say(
            "coverage.season_desc",
            articles=articles,
            day=self.writer.day(busiest),
            count=words.number(most),
        )
