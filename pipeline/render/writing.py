"""Days, moments and names in the page's language."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipeline.model import ArchivedArticle, Precision, Week
from pipeline.render.quotes import visible
from pipeline.wording import Words

#: Of a language's tag; a stranger wrote it.
_TAG_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes what a catalogue alone cannot: it knows the zone of the weeks."""

    words: Words
    zone: str

    def language(self, code: str) -> str:
        """Return the name of a language, or its tag if it has none here."""
        return self.words.name("languages", visible(code, _TAG_LENGTH))

    def local(self, moment: datetime) -> datetime:
        """Return the moment in the zone of the weeks."""
        return moment.astimezone(ZoneInfo(self.zone))

    def published(self, found: ArchivedArticle) -> str:
        """Say when an article appeared, no more exactly than it says itself."""
        at = self.local(found.published_at)
        published = found.article.published
        if published and published.precision is Precision.DAY:
            return self.weekday(at.date())
        return self._clock(at, self.weekday)

    def moment(self, moment: datetime) -> str:
        """Write a moment with its year."""
        return self._clock(self.local(moment), self.year_day)

    def _clock(self, at: datetime, write_day: Callable[[date], str]) -> str:
        day = write_day(at.date())
        return self.words.say(
            "date.moment", day=day, hour=f"{at.hour:02d}", minute=f"{at.minute:02d}"
        )

    def weekday_name(self, day: date) -> str:
        """Return the short name of the day of the week."""
        return self.words.say(f"weekdays.{day.isoweekday()}")

    def weekday(self, day: date) -> str:
        """Write a day with its day of the week."""
        return self._say_day("weekday", day)

    def day(self, day: date) -> str:
        """Write a day without its year."""
        return self._say_day("day", day)

    def year_day(self, day: date) -> str:
        """Write a day with its year."""
        return self._say_day("day_year", day)

    def _say_day(self, form: str, day: date) -> str:
        values = {
            "weekday": self.weekday_name(day),
            "day": str(day.day),
            "month": self.words.say(f"months.{day.month}"),
            "year": str(day.year),
        }
        return self.words.say(f"date.{form}", **values)

    def years(self, years: Iterable[int]) -> str:
        """Write years in a row, those that follow each other as a span: 2019, 2021–2024."""
        spans: list[list[int]] = []
        for year in sorted(years):
            if spans and year == spans[-1][-1] + 1:
                spans[-1].append(year)
            else:
                spans.append([year])
        return self.listed([_span(span) for span in spans])

    def week_range(self, week: Week) -> str:
        """Write the first and the last day of a week."""
        return self.span(week.days[0], week.days[-1])

    def span(self, first: date, last: date) -> str:
        """Write two days as a span, month and year no oftener than needed."""
        until = self.year_day(last)
        if (first.year, first.month) == (last.year, last.month):
            return self.words.say("date.range_days", first=str(first.day), last=until)
        shown = self.year_day if first.year != last.year else self.day
        return self.words.say("date.range", first=shown(first), last=until)

    def listed(self, names: list[str]) -> str:
        """Put names in a row."""
        return self.words.say("list").join(names)

    def share(self, share: float) -> str:
        """Write a share in per cent; a small one is not none, a large one not all."""
        percent = round(100 * share)
        return self.words.percent(min(99, max(1, percent)) if 0 < share < 1 else percent)


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
