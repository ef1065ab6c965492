"""Digest → HTML, Markdown, JSON: the same digest gives the same bytes.

Titles, sentences and names come from strangers. `clean` takes out what can
act on its surroundings without being seen (control characters, marks that
turn the direction of writing, zero-width blanks, towers of accents);
`web_address` lets only http and https addresses become links; Jinja escapes
for HTML and `escape_markdown` for Markdown, both without being asked. The
HTML also carries a policy that forbids every script and every request, so
that a mistake here would stay a blemish.

The page is read in a minute and mailed, so lists are capped and say how much
they leave out: about 60 kB however many articles there are. The JSON has all.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.charts import Chart, column_chart, percent
from pipeline.digests import (
    UNDETERMINED,
    Words,
    down_sources,
    is_unreliable,
    load_words,
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
    Sentence,
    SourceHealth,
    Story,
    StorySummary,
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

#: In characters. The longest honest headlines and sentences are shorter; a
#: quotation beyond it would be a copy.
TITLE_LENGTH = 200
SENTENCE_LENGTH = 400
NAME_LENGTH = 60

#: From this many articles on: fewer make a chart of gaps, and the stories tell them all.
CHARTED = 7

#: Languages written from right to left whatever a title begins with.
_RIGHT_TO_LEFT = {"ar", "azb", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}


# --- words of strangers ----------------------------------------------------

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
#: One joiner is spelling (Persian, emoji), a run of them is not.
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
#: No orthography puts more than three marks on one letter.
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_TOWER = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.ASCII | re.IGNORECASE)


def clean(text: str, length: int | None = None) -> str:
    r"""Return ``text`` on one line, without what acts unseen, cut to ``length`` characters.

    >>> clean("a\u202egnp.exe\n\u200bb"), clean("one two three", 9)
    ('agnp.exe b', 'one two…')
    """
    text = _UNSEEN.sub("", _SURROGATE.sub("\ufffd", text))
    text = _TOWER.sub(r"\1", _JOINERS.sub(r"\1", " ".join(text.split()))).strip(" \u200c\u200d")
    if length is None or len(text) <= length:
        return text
    cut = text[: length - 1]
    # At a blank if one is near; a word of 10,000 letters has none.
    at = cut.rfind(" ", length * 2 // 3)
    return cut[: at if at > 0 else None].rstrip(" \u200c\u200d,;:–—-") + "…"


def _visible(text: str, length: int) -> str:
    """Return `clean` text, or an ellipsis where nothing would be seen."""
    return clean(text, length) or "…"


def web_address(url: str) -> str | None:
    """Return ``url`` as safe ASCII, or None if it must not become a link.

    >>> web_address("https://a.example/x (1)?q=ə")
    'https://a.example/x%20%281%29?q=%C9%99'
    >>> web_address("javascript:alert(1)"), web_address("https://bank.example@evil.example/")
    (None, None)
    """
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not has_host:
        return None
    return quote(parts.geturl(), safe="%/:?#[]@!$&*+,;=~", errors="replace")


def escape_markdown(text: object) -> Markup:
    r"""Return ``text`` so that Markdown shows it as it is: no markup, link or mention.

    >>> print(escape_markdown("1. [a](http://b) <i>*c*</i>"))
    1\. \[a\](http\://b) &lt;i&gt;\*c\*&lt;/i&gt;
    """
    if isinstance(text, Markup):
        return text
    shown = re.sub(r"([\\`*_\[\]~|#$@])", r"\\\1", str(text))
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Bare addresses become links on many sites.
    shown = re.sub(r":(?=//)", r"\\:", shown)
    shown = re.sub(r"(?i)\b(www)\.", r"\1\\.", shown)
    # What would begin a list, a rule or a heading.
    return Markup(re.sub(r"^(\s*\d*)([-+=.)])", r"\1\\\2", shown))  # noqa: S704 - escaped above


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an outlet as they are shown."""

    text: str
    language: str | None
    url: str | None  # None: no link
    outlet: str = ""

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, by the language or else by the first letter."""
        if (self.language or "").partition("-")[0].lower() in _RIGHT_TO_LEFT:
            return "rtl"
        kinds = (unicodedata.bidirectional(letter) for letter in self.text)
        return "rtl" if next((k for k in kinds if k in {"L", "R", "AL"}), "L") != "L" else "ltr"


def _quoted(text: str, article: ArchivedArticle, length: int) -> Quote:
    return Quote(
        text=_visible(text, length),
        language=_language_tag(article.article.language),
        url=web_address(article.article.url),
        outlet=_visible(article.source.name, NAME_LENGTH),
    )


def _language_tag(language: str | None) -> str | None:
    return language if language and _LANGUAGE_TAG.fullmatch(language) else None


# --- HTML and Markdown -----------------------------------------------------


def render_html(digest: Digest) -> str:
    """Return the digest as one HTML file that asks for nothing else."""
    return _environment().get_template("digest.html").render(_context(digest)).lstrip()


def render_markdown(digest: Digest) -> str:
    """Return the digest as CommonMark with tables."""
    template = _environment(escape_markdown).get_template("digest.md")
    text = template.render(_context(digest), link=_link, outlet=_outlet)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _context(digest: Digest) -> dict[str, object]:
    words = load_words()
    return {
        "page": _Page(digest, words),
        "say": words.say,
        "count": words.count,
        "number": words.number,
    }


def _link(quote: Quote) -> Markup:
    return _markdown_link(quote.text, quote.url)


def _outlet(quote: Quote) -> Markup:
    return _markdown_link(quote.outlet, quote.url)


def _markdown_link(text: str, url: str | None) -> Markup:
    shown = escape_markdown(text)
    return Markup(f"[{shown}]({url})") if url else shown  # noqa: S704 - both made safe


@cache
def _environment(escape: Callable[[object], Markup] | None = None) -> Environment:
    """Return the templates; ``escape`` is for every value where HTML's own does not fit."""
    return Environment(
        loader=PackageLoader("pipeline", "templates"),
        autoescape=escape is None,  # noqa: S701 - one of the two escapes is always on
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


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
class _Page:
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
                Quote(_visible(word.term, NAME_LENGTH), _language_tag(word.language), None),
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
            Quote(_visible(word.term, NAME_LENGTH), _language_tag(word.language), None)
            for word in fallen[:WORDS_SHOWN]
        )

    @property
    def words_left(self) -> int:
        return max(0, sum(word.keyness > 0 for word in self.digest.keywords) - WORDS_SHOWN)

    @property
    def mentions(self) -> tuple[tuple[Quote, str], ...]:
        return tuple(
            (_quoted(found.article.title, found, TITLE_LENGTH), self._moment(found))
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
        names = sorted(_visible(s.name, NAME_LENGTH) for s in self.digest.method.silent)
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
            [(_visible(r, NAME_LENGTH), n) for r, n in _by_count(self.digest.method.reasons)]
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
        copies = sum(_copies(told.story) for told in self.digest.stories)
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
            headline=_quoted(told.headline.text, told.headline.article, TITLE_LENGTH),
            sentences=tuple(
                _quoted(sentence.text, sentence.article, SENTENCE_LENGTH)
                for sentence in told.sentences
            ),
            first=_quoted(first.article.title, first, TITLE_LENGTH),
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
        if copies := _copies(story):
            facts.append(self.words.count("count.copies", copies))
        if seen is not None:
            key = {0.0: "new.all", 1.0: "new.none"}.get(seen, "new.share")
            facts.append(self.words.say(key, percent=_share(1 - seen)))
        return tuple(facts)

    def _carriers(self, story: Story) -> tuple[tuple[str, tuple[str, ...], int], ...]:
        by_kind: dict[PublisherKind, dict[str, str]] = defaultdict(dict)
        for article in story.articles:
            source = article.source
            by_kind[source.publisher].setdefault(source.id, _visible(source.name, NAME_LENGTH))
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
                text=_visible(passage.text, SENTENCE_LENGTH),
                language=_language_tag(passage.language),
                url=web_address(passage.first_url),
                outlet=_visible(passage.first_source, NAME_LENGTH),
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
            _visible(source.name, NAME_LENGTH),
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
        return self.words.name("languages", _visible(code, 12))

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


def _copies(story: Story) -> int:
    return sum(len(group.members) - 1 for group in story.groups)


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


def _by_count(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


# --- JSON ------------------------------------------------------------------

#: Grows when a field is taken away or changes its meaning; a new one does not count.
JSON_FORMAT = "solidarity-digest/1"


def render_json(digest: Digest) -> str:
    """Return the digest as data, all of it, as the archive has it.

    Dates are ISO 8601, moments in UTC, shares 0–1; null is “not known”. Texts are
    those of the outlets and must be escaped by whoever shows them. In this order::

        format, week, first_day, last_day, time_zone, topic, headline
        figures     name → value, last_week, last_year
        stories[]   headline, sentences[] (text, article), articles[] (id, url, title,
                    outlet, publisher, language, published_at, copy_of),
                    texts, copies, share_seen_before
        recycled    share, passages[] (text, language, times, first_at, first_outlet, first_url)
        coverage    days, publishers, languages, seasons: name → articles
        keywords[]  term, language, articles, keyness
        mentions[]  as articles
        method      version, sources_hash, sources_asked, failing[], silent[],
                    addresses_seen, outcomes, reasons
        made_from   number → the query behind it
    """
    text = json.dumps(_data(digest), ensure_ascii=False, indent=1)
    # Half a character pair cannot be written to any file.
    return _SURROGATE.sub("\ufffd", text) + "\n"


def _data(digest: Digest) -> dict[str, object]:
    days = digest.week.days
    return {
        "format": JSON_FORMAT,
        "week": str(digest.week),
        "first_day": days[0].isoformat(),
        "last_day": days[-1].isoformat(),
        "time_zone": digest.time_zone,
        "topic": digest.topic,
        "headline": digest.headline,
        "figures": {
            f.name: {"value": f.value, "last_week": f.last_week, "last_year": f.last_year}
            for f in digest.figures
        },
        "stories": [_story_data(told) for told in digest.stories],
        "recycled": {
            "share": _rounded(digest.recycled_share),
            "passages": [_passage_data(passage) for passage in digest.passages],
        },
        "coverage": {
            "days": {day.isoformat(): n for day, n in digest.per_day},
            "publishers": {str(kind): n for kind, n in digest.per_publisher},
            "languages": dict(digest.per_language),
            "seasons": dict(digest.seasons),
        },
        "keywords": [
            {
                "term": word.term,
                "language": word.language,
                "articles": word.articles,
                "keyness": round(word.keyness, 2),
            }
            for word in digest.keywords
        ],
        "mentions": [_article_data(found) for found in digest.mentions],
        "method": _method_data(digest),
        "made_from": dict(sorted(digest.made_from.items())),
    }


def _story_data(told: StorySummary) -> dict[str, object]:
    return {
        "headline": _sentence_data(told.headline),
        "sentences": [_sentence_data(sentence) for sentence in told.sentences],
        "articles": [_article_data(found) for found in told.story.articles],
        "texts": len(told.story.groups),
        "copies": _copies(told.story),
        "share_seen_before": _rounded(recycled_share([told.story])),
    }


def _sentence_data(sentence: Sentence) -> dict[str, object]:
    return {"text": sentence.text, "article": sentence.article.id}


def _article_data(found: ArchivedArticle) -> dict[str, object]:
    return {
        "id": found.id,
        "url": found.article.url,
        "title": found.article.title,
        "outlet": found.source.name,
        "publisher": str(found.source.publisher),
        "language": found.article.language,
        "published_at": _utc(found.published_at),
        "copy_of": None if found.representative_id == found.id else found.representative_id,
    }


def _passage_data(passage: Passage) -> dict[str, object]:
    return {
        "text": passage.text,
        "language": passage.language,
        "times": passage.times,
        "first_at": _utc(passage.first_at),
        "first_outlet": passage.first_source,
        "first_url": passage.first_url,
    }


def _method_data(digest: Digest) -> dict[str, object]:
    method = digest.method
    return {
        "version": method.version,
        "sources_hash": method.sources_hash,
        "sources_asked": method.sources_asked,
        "failing": [_health_data(source) for source in method.failing],
        "silent": [_health_data(source) for source in method.silent],
        "addresses_seen": method.addresses_seen,
        "outcomes": {str(outcome): method.outcomes.get(outcome, 0) for outcome in Outcome},
        "reasons": dict(_by_count(method.reasons)),
    }


def _health_data(source: SourceHealth) -> dict[str, object]:
    return {
        "id": source.source_id,
        "name": source.name,
        "polls": source.polls,
        "failures": source.failures,
        "last_success_at": _utc(source.last_success_at) if source.last_success_at else None,
        "reason": source.reason,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
