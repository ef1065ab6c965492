"""A week's stories and counts → its Digest.

Like is compared with like. An ordinary week stands beside the week before; a
week around the holiday stands beside the one that lies equally far from the
holiday a year earlier. Week numbers do not serve for that: 31 December 2024
lies in 2025-W01 and 31 December 2026 in 2026-W53.

Articles, distinct texts and stories are three numbers, since one agency text
printed forty times is forty articles, one text and perhaps a third of a story.

What a digest quotes of an article is limited here, by `excerpts`: it has no other way in.
"""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from pipeline.excerpts import LONGEST_TITLE, Quota, cut_words
from pipeline.model import (
    ArchivedArticle,
    Digest,
    DisputedFact,
    DuplicateGroup,
    Figure,
    Keyword,
    Method,
    Passage,
    PublisherKind,
    SeasonCounts,
    Sentence,
    SourceHealth,
    Story,
    StorySummary,
    Topic,
    Week,
)
from pipeline.wording import Words, load_words

_Name = TypeVar("_Name", bound=str)

#: Counts below this are given as they are: one article more or less would move
#: a percentage by five points and more.
FEW = 20

#: Beyond this a percentage says less than the two numbers it is made of.
LARGEST_CHANGE = 200  # per cent

#: From this share of sources on, the week's counts cannot be trusted to be whole.
MANY_DOWN = 1 / 4

#: Below this share a recycled part is the usual background of names and formulas.
NOTABLE_RECYCLING = 0.2

#: The language of texts whose language was not recognised (ISO 639-2).
UNDETERMINED = "und"

#: What a reader can compare at a glance, this one included.
SEASONS_SHOWN = 7

#: The same week of the holiday is counted so many years back: as many as there are seasons.
YEARS_BACK = SEASONS_SHOWN - 1

#: Stories that are told in sentences: what a reader takes in at one sitting. Of the others
#: the headline is shown at most.
STORIES_TOLD = 10

#: Words of an article on either side of a keyword.
CONTEXT = 5


# --- which weeks and seasons are compared ----------------------------------


def counterpart(week: Week, topic: Topic, *, years_back: int = 1) -> Week:
    """Return the week that lies equally far from the holiday of an earlier year.

    The distance is counted in whole weeks from the week that holds the nearest
    holiday, so that holiday weeks meet holiday weeks whatever their numbers.
    """
    year, distance = _nearest_holiday(week, topic)
    return _holiday_week(topic, year - years_back).shifted(distance)


def compared_weeks(week: Week, topic: Topic) -> tuple[Week, Week]:
    """Return the week before, and the same week of the holiday a year before."""
    return week.shifted(-1), counterpart(week, topic)


def earlier_weeks(week: Week, topic: Topic) -> tuple[Week, ...]:
    """Return the same week of the holiday in earlier years, newest first."""
    return tuple(counterpart(week, topic, years_back=n) for n in range(1, YEARS_BACK + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonSpan:
    """The days of one year's season, both ends included."""

    label: str  # "2024–25"
    first: date
    last: date
    is_whole: bool  # False: it is cut, and goes on after the last day

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        return tuple(
            self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)
        )


def season_spans(week: Week, topic: Topic, *, count: int = SEASONS_SHOWN) -> tuple[SeasonSpan, ...]:
    """Return the last ``count`` seasons begun by the end of ``week``, oldest first.

    A season that goes on after the week is cut at the week's end.
    """
    end = week.days[-1]
    latest = end.year if _day(end.year, topic.season.start) <= end else end.year - 1
    years = range(latest - count + 1, latest + 1)
    return tuple(_span(topic, year, end) for year in years)


def _span(topic: Topic, year: int, end: date) -> SeasonSpan:
    season = topic.season
    crosses = season.start > season.end
    last = _day(year + crosses, season.end)
    return SeasonSpan(
        label=f"{year}–{(year + 1) % 100:02d}" if crosses else str(year),
        first=_day(year, season.start),
        last=min(last, end),
        is_whole=last <= end,
    )


def _day(year: int, day: tuple[int, int]) -> date:
    """Return ``day`` of ``year``; 29 February falls back to the 28th."""
    month, number = day
    return date(year, month, min(number, monthrange(year, month)[1]))


def _holiday_week(topic: Topic, year: int) -> Week:
    return Week.holding(_day(year, topic.season.day))


def _nearest_holiday(week: Week, topic: Topic) -> tuple[int, int]:
    """Return the year of the nearest holiday, and the weeks from it to ``week``."""
    monday = week.days[0]
    distances = {
        year: (monday - _holiday_week(topic, year).days[0]).days // 7
        for year in range(monday.year - 1, monday.year + 2)
    }
    return min(distances.items(), key=lambda item: (abs(item[1]), item[0]))


# --- what a digest is made from --------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCounts:
    """The five numbers of one week."""

    articles: int
    texts: int
    outlets: int
    languages: int
    stories: int | None = None  # None: that week's stories were not made


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekMaterial:
    """All that the archive tells of a week and of those it is compared with."""

    stories: tuple[StorySummary, ...]  # all; every article in them published in the week
    mentions: tuple[ArchivedArticle, ...] = ()
    #: Of `compared_weeks` and `earlier_weeks`; one before the archive begins is missing.
    other_weeks: Mapping[Week, WeekCounts] = field(default_factory=dict)
    seasons: tuple[SeasonCounts, ...] = ()  # of `season_spans`
    sample: frozenset[int] | None = None  # texts by which the recycled share goes; None: all
    passages: tuple[Passage, ...] = ()
    passages_seen: int = 0  # how many came back, those that are not shown too
    keywords: tuple[Keyword, ...] = ()
    disagreements: tuple[DisputedFact, ...] = ()
    method: Method
    made_from: Mapping[str, str] = field(default_factory=dict)  # number → query behind it
    last_run: datetime | None = None  # the last begun before the week's end
    last_label: datetime | None = None  # the last given to an article of the week
    is_over: bool = True  # False: no run was begun since the week's end
    is_first: bool = False  # the archive knows nothing of the time before the week


def make_digest(
    week: Week, material: WeekMaterial, topic: Topic, *, language: str = "en"
) -> Digest:
    """Return the digest of ``week``: its finding, its numbers, its stories in order.

    ``language`` is that of its own words, one of `wording.LANGUAGES`. Of each article it
    quotes at most `excerpts.MOST_QUOTED` words.

    Raises ValueError if an article was not published in the week.
    """
    articles = [a for told in material.stories for a in told.story.articles]
    figures = _figures(week, material, topic)
    compared = _compared([told.story for told in material.stories], material.sample)
    recycled = recycled_share(compared)
    headline = _Headline(
        load_words(language), week, topic, material.method, is_first=material.is_first
    )
    ranked = sorted(material.stories, key=lambda told: by_coverage(told.story))
    quoted = _Excerpts(ranked, material.mentions)
    return Digest(
        week=week,
        topic=topic.name,
        time_zone=topic.time_zone,
        headline=headline.of(figures, recycled),
        figures=figures,
        stories=quoted.stories,
        recycled_share=recycled,
        texts_compared=len(compared),
        passages=quoted.passages(material.passages),
        passages_seen=material.passages_seen,
        per_day=_per_day(articles, week, topic),
        per_publisher=_per_publisher(articles),
        per_language=_per_language(articles),
        seasons=_without_leading_zeros(material.seasons),
        keywords=quoted.in_context(material.keywords),
        mentions=quoted.mentions,
        method=material.method,
        made_from=material.made_from,
        disagreements=tuple(map(quoted.disputed, material.disagreements)),
        language=language,
        as_of=_as_of(material, articles),
        is_over=material.is_over,
        is_first=material.is_first,
    )


def _as_of(material: WeekMaterial, articles: Iterable[ArchivedArticle]) -> datetime | None:
    """Return the last moment at which the archive learnt something of the week."""
    seen = [found.first_seen_at for found in (*articles, *material.mentions)]
    told = [moment for moment in (material.last_run, material.last_label) if moment]
    return max([*seen, *told], default=None)


# --- what is quoted --------------------------------------------------------


class _Excerpts:
    """The words of outlets that the digest may show, the most telling first."""

    def __init__(
        self, stories: Sequence[StorySummary], mentions: Iterable[ArchivedArticle]
    ) -> None:
        self._quota = Quota()
        self._stories = [_with_short_titles(told) for told in stories]
        self.mentions = tuple(map(_with_short_title, mentions))
        for found in (*self._articles(), *self.mentions):
            self._quota.admits(found.article.url, found.article.title)
        for told in self._stories:
            self._admits(told.headline)  # never refused: it is short, and most often a title
        self.stories = tuple(self._told(told) for told in self._stories)

    def _articles(self) -> Iterator[ArchivedArticle]:
        for told in self._stories:
            yield from told.story.articles

    def _told(self, told: StorySummary) -> StorySummary:
        said = {sentence.text: sentence for sentence in reversed(told.sentences)}
        first = [one for one in told.sentences if said[one.text] is one]
        return replace(told, sentences=tuple(filter(self._admits, first)))

    def _admits(self, sentence: Sentence) -> bool:
        return self._quota.admits(sentence.article.article.url, sentence.text)

    def passages(self, found: Iterable[Passage]) -> tuple[Passage, ...]:
        """Return the passages; one whose article is quoted enough keeps only its figures."""
        return tuple(
            one if self._quota.admits(one.first_url, one.text) else replace(one, text="")
            for one in found
        )

    def in_context(self, keywords: Iterable[Keyword]) -> tuple[Keyword, ...]:
        """Return the keywords, each with a line of the week in which it stands."""
        return tuple(replace(word, context=self._context(word)) for word in keywords)

    def _context(self, word: Keyword) -> Sentence | None:
        term = r"\s+".join(map(re.escape, word.term.split()))
        standing = re.compile(rf"(?<!\w){term}(?!\w)")
        texts = (group.representative for told in self._stories for group in told.story.groups)
        lines = (
            Sentence(text=_line(found.article.text, at), article=found)
            for found in texts
            if found.article.language == word.language
            and (at := standing.search(found.article.text))
        )
        return next((line for line in islice(lines, _TRIES) if self._admits(line)), None)

    def disputed(self, fact: DisputedFact) -> DisputedFact:
        """Return the fact with what its articles are called as short as elsewhere."""
        claims = tuple(
            replace(claim, articles=tuple(map(_with_short_title, claim.articles)))
            for claim in fact.claims
        )
        return replace(fact, claims=claims)


#: Texts in which a keyword's line is looked for before it does without one.
_TRIES = 20


def _line(text: str, at: re.Match[str]) -> str:
    """Return the match with `CONTEXT` words on either side, within its paragraph.

    >>> text = "One two three. Four five six seven eight nine."
    >>> _line(text, re.search("seven", text))
    '… two three. Four five six seven eight nine.'
    """
    before = text[: at.start()].rpartition("\n")[2].split(" ")
    after = text[at.end() :].partition("\n")[0].split(" ")
    # What touches the term is its own: an opening quotation mark, a full stop.
    head, tail = before[-CONTEXT - 1 :], after[: CONTEXT + 1]
    start = "… " if len(head) < len(before) else ""
    end = " …" if len(tail) < len(after) else ""
    return f"{start}{' '.join(head)}{at[0]}{' '.join(tail)}{end}"


def _with_short_titles(told: StorySummary) -> StorySummary:
    groups = tuple(
        DuplicateGroup(
            representative=_with_short_title(group.representative),
            members=tuple(map(_with_short_title, group.members)),
        )
        for group in told.story.groups
    )
    headline = replace(told.headline, text=cut_words(told.headline.text, LONGEST_TITLE))
    return replace(told, story=Story(groups=groups), headline=headline)


def _with_short_title(found: ArchivedArticle) -> ArchivedArticle:
    title = cut_words(found.article.title, LONGEST_TITLE)
    if title == found.article.title:
        return found
    return replace(found, article=replace(found.article, title=title))


# --- numbers ---------------------------------------------------------------


def count_week(stories: tuple[Story, ...]) -> WeekCounts:
    """Count a week by its stories."""
    articles = [article for story in stories for article in story.articles]
    languages = {a.article.language for a in articles} - {None}
    return WeekCounts(
        articles=len(articles),
        texts=sum(len(story.groups) for story in stories),
        outlets=len({a.source.id for a in articles}),
        languages=len(languages),
        stories=len(stories),
    )


def compared_texts(stories: Iterable[Story]) -> list[ArchivedArticle]:
    """Return the distinct texts of ``stories`` that were compared with the archive."""
    texts = (group.representative for story in stories for group in story.groups)
    return [text for text in texts if text.share_seen_before is not None]


def _compared(stories: Iterable[Story], sample: frozenset[int] | None) -> list[ArchivedArticle]:
    """Return those that stand for all: some more are compared to tell the first stories."""
    texts = compared_texts(stories)
    return texts if sample is None else [text for text in texts if text.id in sample]


def recycled_share(texts: Iterable[ArchivedArticle]) -> float | None:
    """Return the share of words printed before in compared texts; None without any word."""
    words = seen = 0.0
    for text in texts:
        length = len(text.article.text.split())
        words += length
        seen += length * (text.share_seen_before or 0.0)
    return seen / words if words else None


def percent_change(now: int, before: int) -> int | None:
    """Return the change in per cent, or None where the bare numbers say more.

    >>> percent_change(1284, 1107), percent_change(12, 9), percent_change(1284, 34)
    (16, None, None)
    """
    if min(now, before) < FEW:
        return None
    change = round(100 * (now - before) / before)
    return change if 0 < abs(change) <= LARGEST_CHANGE else None


def down_sources(method: Method) -> tuple[SourceHealth, ...]:
    """Return the sources that failed more often than they answered."""
    return tuple(source for source in method.failing if 2 * source.failures > source.polls)


def is_unreliable(method: Method) -> bool:
    """Tell whether so many sources were down that the counts are too low."""
    return len(down_sources(method)) >= max(1, MANY_DOWN * method.sources_asked)


def _figures(week: Week, material: WeekMaterial, topic: Topic) -> tuple[Figure, ...]:
    now = count_week(tuple(told.story for told in material.stories))
    last_week, last_year = (material.other_weeks.get(w) for w in compared_weeks(week, topic))
    return tuple(
        Figure(
            name=name,
            value=getattr(now, name),
            last_week=getattr(last_week, name, None),
            last_year=getattr(last_year, name, None),
            earlier=_earlier(name, week, material, topic),
        )
        for name in ("articles", "texts", "stories", "outlets", "languages")
    )


def _earlier(
    name: str, week: Week, material: WeekMaterial, topic: Topic
) -> tuple[tuple[Week, int], ...]:
    weeks = earlier_weeks(week, topic)
    counts = ((other, getattr(material.other_weeks.get(other), name, None)) for other in weeks)
    return tuple((other, count) for other, count in counts if count is not None)


def by_coverage(story: Story) -> tuple[int, int, str, int]:
    """Sort key: the most covered first, then the most outlets, then the earliest."""
    articles = story.articles
    outlets = {article.source.id for article in articles}
    first = articles[0]
    return -len(articles), -len(outlets), first.published_at.isoformat(), first.id


def most_first(counts: Mapping[_Name, int]) -> tuple[tuple[_Name, int], ...]:
    """Return the counts with their names, the largest first, equal ones by name."""
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _per_day(
    articles: list[ArchivedArticle], week: Week, topic: Topic
) -> tuple[tuple[date, int], ...]:
    zone = topic.zone
    counts = dict.fromkeys(week.days, 0)
    for article in articles:
        day = article.published_at.astimezone(zone).date()
        if day not in counts:
            raise ValueError(f"article {article.id} is of {day}, not of week {week}")
        counts[day] += 1
    return tuple(counts.items())


def _per_publisher(articles: list[ArchivedArticle]) -> tuple[tuple[PublisherKind, int], ...]:
    counts = Counter(article.source.publisher for article in articles)
    return most_first(counts)


def _per_language(articles: list[ArchivedArticle]) -> tuple[tuple[str, int], ...]:
    counts = Counter(article.article.language or UNDETERMINED for article in articles)
    return most_first(counts)


def _without_leading_zeros(seasons: tuple[SeasonCounts, ...]) -> tuple[SeasonCounts, ...]:
    """Leave out the seasons before the archive began; a later zero is a finding."""
    first = next((n for n, season in enumerate(seasons) if season.articles), len(seasons))
    return seasons[first:]


# --- the headline ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Headline:
    """Puts the week's finding in one sentence."""

    words: Words
    week: Week
    topic: Topic
    method: Method
    is_first: bool

    def of(self, figures: tuple[Figure, ...], recycled: float | None) -> str:
        by_name = {figure.name: figure for figure in figures}
        if not by_name["articles"].value:
            return self._join(self.words.say("headline.empty"), self._health())
        lead = self._compared(self._lead(by_name), by_name["articles"])
        return self._join(lead, self._warning() or self._recycling(by_name, recycled))

    def _lead(self, figures: Mapping[str, Figure]) -> str:
        articles, outlets = figures["articles"], figures["outlets"]
        return self.words.say(
            f"headline.{self._kind(articles)}",
            articles=self.words.count("count.articles", articles.value),
            outlets=self.words.count("count.of_outlets", outlets.value),
        )

    def _kind(self, articles: Figure) -> str:
        if self.is_first:
            return "first"
        if self._holds_holiday():
            return "holiday"
        return "quiet" if articles.value < FEW else "ordinary"

    def _compared(self, lead: str, articles: Figure) -> str:
        around_holiday = any(self.topic.season.holds(day) for day in self.week.days)
        when = "last_year" if around_holiday else "last_week"
        before = articles.last_year if around_holiday else articles.last_week
        if before is None:
            return lead
        change = describe_change(self.words, articles.value, before, when)
        return self.words.say("headline.compared", lead=lead, change=change)

    def _holds_holiday(self) -> bool:
        return self.topic.season.day in {(day.month, day.day) for day in self.week.days}

    def _recycling(self, figures: Mapping[str, Figure], recycled: float | None) -> str:
        if recycled is None or recycled < NOTABLE_RECYCLING or figures["texts"].value < FEW:
            return ""
        return self.words.say(
            "headline.recycled", percent=self.words.percent(round(100 * recycled))
        )

    def _warning(self) -> str:
        if not is_unreliable(self.method):
            return ""
        return self.words.say("headline.too_low", down=self._down())

    def _health(self) -> str:
        """Tell whether the silence of an empty week can be believed."""
        if not self.method.sources_asked:
            return self.words.say("headline.unasked")
        if down_sources(self.method):
            return self.words.say("headline.may_miss", down=self._down())
        return self.words.count("headline.healthy", self.method.sources_asked)

    def _down(self) -> str:
        asked = self.words.count("count.of_sources", self.method.sources_asked)
        return self.words.count("headline.down", len(down_sources(self.method)), sources=asked)

    def _join(self, lead: str, clause: str) -> str:
        return self.words.say("headline.clause", lead=lead, clause=clause) if clause else lead


def describe_change(words: Words, now: int, before: int, when: str) -> str:
    """Say how ``now`` stands to ``before``; ``when`` is last_week or last_year.

    >>> describe_change(load_words(), 1284, 1107, "last_year")
    'up 16% from 1,107 a year before'
    """
    then = words.say(f"change.{when}")
    if now == before:
        return words.say("change.same", when=then)
    if not before:
        return words.say("change.after_none", when=then)
    key = "change.up" if now > before else "change.down"
    percent = percent_change(now, before)
    number = words.number(before)
    if percent is None:
        return words.say(key, before=number, when=then)
    share = words.percent(abs(percent))
    return words.say(f"{key}_percent", percent=share, before=number, when=then)
