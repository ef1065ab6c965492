"""What the templates show, computed from a Digest: views without markup but for the charts."""

import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from pipeline.charts import percent
from pipeline.digests import (
    STORIES_TOLD,
    UNDETERMINED,
    compared_texts,
    down_sources,
    is_unreliable,
    percent_change,
    recycled_share,
)
from pipeline.model import (
    Claim,
    Digest,
    DisputedFact,
    Figure,
    Keyword,
    Passage,
    PublisherKind,
    Sentence,
    Source,
    Story,
    StorySummary,
)
from pipeline.render.coverage import Coverage, peak_day
from pipeline.render.methods import MethodBox
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
from pipeline.render.writing import Writer
from pipeline.wording import Words

#: How much of each list the page shows: what a reader takes in at one sitting.
STORIES_LISTED = 20
PASSAGES_SHOWN = 6
FACTS_SHOWN = 5
WORDS_SHOWN = 15
MENTIONS_SHOWN = 8
OUTLETS_NAMED = 4  # of each kind of publisher, in one story; of each claim


@dataclass(frozen=True, slots=True)
class _FigureView:
    name: str
    value: str
    comparisons: tuple[tuple[str, str, str], ...]  # what, its number, the change


@dataclass(frozen=True, slots=True)
class _StoryView:
    headline: Quote
    told: tuple[Quote, ...]  # sentences that follow each other in one article are one
    first: Quote
    first_at: str
    articles: int
    outlets: int
    width: str
    facts: tuple[str, ...]
    carriers: tuple[tuple[str, tuple[Quote, ...], int], ...]  # kind, some outlets, how many more


@dataclass(frozen=True, slots=True)
class _PassageView:
    quote: Quote
    kind: str  # of the outlet that printed it first
    facts: tuple[str, ...]  # how often, since when, in which years


@dataclass(frozen=True, slots=True)
class _ClaimView:
    value: str
    outlets: tuple[tuple[Quote, str], ...]  # with their kinds
    left: int


@dataclass(frozen=True, slots=True)
class _FactView:
    name: str
    claims: tuple[_ClaimView, ...]


@dataclass(frozen=True, slots=True)
class _WordView:
    term: Quote
    language: str
    texts: str
    strength: str
    width: str
    context: Quote | None


@dataclass(frozen=True, slots=True)
class DigestPage:
    """What the templates show, in the order in which they show it."""

    digest: Digest
    words: Words

    @property
    def writer(self) -> Writer:
        return Writer(self.words, self.digest.time_zone)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that have something to say, in order."""
        wanted = (
            ("new", self.digest.stories),
            ("recycled", self.recycled or self.passages),
            ("coverage", self.coverage),
            ("words", self.keywords or self.rarer),
            ("disagreements", self.digest.disagreements),
            ("mentions", self.digest.mentions),
            ("method", True),
        )
        return tuple(name for name, something in wanted if something)

    # the week in one sentence and five figures

    @property
    def language(self) -> str:
        return self.words.say("language")

    @property
    def topic(self) -> str:
        return clean(self.words.name("topics", self.digest.topic))

    @property
    def zone(self) -> str:
        return self.digest.time_zone

    @property
    def is_empty(self) -> bool:
        return not self.digest.stories

    @property
    def range(self) -> str:
        return self.writer.week_range(self.digest.week)

    @property
    def as_of(self) -> str:
        """Up to when the archive had been filled; empty if it knows nothing of the week."""
        known = self.digest.as_of
        return self.words.say("page.as_of", moment=self.writer.moment(known)) if known else ""

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
    def incomparable(self) -> str:
        """Why no number stands beside another; empty where one does."""
        if self.is_comparable:
            return ""
        return self.words.say("figures.incomparable" if self.digest.is_first else "figures.alone")

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
        return self.words.count("health.ill", down)

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
        """The share of the words, and on how many texts it was measured, if not on all."""
        share, compared = self.digest.recycled_share, self.digest.texts_compared
        if not share:
            return ""
        said = self.words.say("recycled.share", percent=self.writer.share(share))
        texts = next(figure.value for figure in self.digest.figures if figure.name == "texts")
        if compared >= texts:
            return said
        of = self.words.count("count.of_texts", texts)
        return f"{said} {self.words.count('recycled.measured', compared, texts=of)}"

    @property
    def passages(self) -> tuple[_PassageView, ...]:
        told = [passage for passage in self.digest.passages if passage.text]
        return tuple(self._passage(p) for p in told[:PASSAGES_SHOWN])

    @property
    def passages_left(self) -> int:
        every = max(self.digest.passages_seen, len(self.digest.passages))
        return every - len(self.passages)

    # coverage in time

    @property
    def coverage(self) -> Coverage:
        return Coverage(self.digest, self.words, self.writer)

    # words, disagreements, mentions

    @property
    def keywords(self) -> tuple[_WordView, ...]:
        return tuple(map(self._word, self._risen()[:WORDS_SHOWN]))

    @property
    def words_left(self) -> int:
        return max(0, len(self._risen()) - WORDS_SHOWN)

    @property
    def rarer(self) -> tuple[_WordView, ...]:
        return tuple(map(self._word, self._fallen()[:WORDS_SHOWN]))

    @property
    def rarer_left(self) -> int:
        return max(0, len(self._fallen()) - WORDS_SHOWN)

    @property
    def searches(self) -> tuple[tuple[Quote, str], ...]:
        """For each word the command that shows all articles with it."""
        words = [*self._risen()[:WORDS_SHOWN], *self._fallen()[:WORDS_SHOWN]]
        return tuple(
            (self._word(word).term, f"solidarity search {shlex.quote(clean(word.search))}")
            for word in words
            if word.search
        )

    @property
    def disagreements(self) -> tuple[_FactView, ...]:
        return tuple(map(self._fact, self.digest.disagreements[:FACTS_SHOWN]))

    @property
    def disagreements_left(self) -> int:
        return max(0, len(self.digest.disagreements) - FACTS_SHOWN)

    @property
    def mentions(self) -> tuple[tuple[Quote, str, str], ...]:
        """Each with the kind of its publisher, and when it appeared."""
        return tuple(
            (
                quoted(found.article.title, found, TITLE_LENGTH),
                self._kind(found.source),
                self.writer.published(found),
            )
            for found in self.digest.mentions[:MENTIONS_SHOWN]
        )

    @property
    def mentions_left(self) -> int:
        return max(0, len(self.digest.mentions) - MENTIONS_SHOWN)

    # how this was made

    @property
    def method(self) -> MethodBox:
        return MethodBox(self.digest, self.words, self.writer)

    # parts

    def _largest(self) -> str:
        if len(self.digest.stories) < 2:  # noqa: PLR2004 - one story is the whole week
            return ""
        story = self.digest.stories[0].story
        return self.words.say(
            "brief.largest",
            articles=self.words.count("count.articles", len(story.articles)),
            outlets=self.words.count("count.of_outlets", len(_outlets(story))),
        )

    def _copies(self) -> str:
        copies = sum(told.story.copies for told in self.digest.stories)
        return self.words.count("brief.copies", copies) if copies else ""

    def _peak(self) -> str:
        peak = peak_day(self.digest)
        if peak is None:
            return ""
        day, articles = self.digest.per_day[peak]
        return self.words.say(
            "brief.peak",
            day=self.writer.weekday(day),
            articles=self.words.count("count.articles", articles),
        )

    def _figure(self, figure: Figure) -> _FigureView:
        compared = [
            (
                self.words.say(f"figures.{key}"),
                self.words.number(before),
                self._change(figure.value, before),
            )
            for key, before in _comparisons(figure)
        ]
        # The first of them is the year before, where that is known.
        older = [n for _, n in figure.earlier[figure.last_year is not None :]]
        if older:
            least, most = self.words.number(min(older)), self.words.number(max(older))
            span = least if least == most else f"{least}–{most}"
            compared.append((self.words.say("figures.earlier"), span, ""))
        return _FigureView(
            name=self.words.name("figures", figure.name),
            value=self.words.number(figure.value),
            comparisons=tuple(compared),
        )

    def _change(self, now: int, before: int) -> str:
        """Return the difference as a signed number, in per cent where that is fair."""
        if now == before:
            return "="
        change = percent_change(now, before)
        if change is None:
            return self.words.signed(self.words.number(abs(now - before)), now - before)
        return self.words.signed(self.words.percent(abs(change)), change)

    def _story(self, told: StorySummary) -> _StoryView:
        story = told.story
        first = story.articles[0]
        largest = len(self.digest.stories[0].story.articles)
        return _StoryView(
            headline=quoted(told.headline.text, told.headline.article, TITLE_LENGTH),
            told=tuple(_told(told.sentences)),
            first=quoted(first.article.title, first, TITLE_LENGTH),
            first_at=self.writer.published(first),
            articles=len(story.articles),
            outlets=len(_outlets(story)),
            width=percent(len(story.articles), largest),
            facts=self._facts(story),
            carriers=self._carriers(story),
        )

    def _facts(self, story: Story) -> tuple[str, ...]:
        languages = sorted({a.article.language or UNDETERMINED for a in story.articles})
        seen = recycled_share(compared_texts([story]))
        facts = [self.writer.listed([self.writer.language(code) for code in languages])]
        if copies := story.copies:
            facts.append(self.words.count("count.copies", copies))
        if seen is not None:
            key = {0.0: "new.all", 1.0: "new.none"}.get(seen, "new.share")
            facts.append(self.words.say(key, percent=self.writer.share(1 - seen)))
        return tuple(facts)

    def _carriers(self, story: Story) -> tuple[tuple[str, tuple[Quote, ...], int], ...]:
        """Return the outlets by their kind, each with a link to its first article."""
        by_kind: dict[PublisherKind, dict[str, Quote]] = defaultdict(dict)
        for article in story.articles:
            outlets = by_kind[article.source.publisher]
            if article.source.id not in outlets:
                outlets[article.source.id] = quoted(article.article.title, article, TITLE_LENGTH)
        return tuple(
            (
                self.words.name("publishers", kind),
                tuple(outlets.values())[:OUTLETS_NAMED],
                max(0, len(outlets) - OUTLETS_NAMED),
            )
            for kind, outlets in sorted(by_kind.items(), key=lambda i: (-len(i[1]), i[0]))
        )

    def _kind(self, source: Source) -> str:
        return self.words.name("publishers", source.publisher)

    def _passage(self, passage: Passage) -> _PassageView:
        return _PassageView(
            quote=Quote(
                text=visible(passage.text, SENTENCE_LENGTH),
                language=language_tag(passage.language),
                url=web_address(passage.first_url),
                outlet=visible(passage.first_source, NAME_LENGTH),
            ),
            kind=self.words.name("publishers", passage.first_publisher),
            facts=tuple(self._history(passage)),
        )

    def _history(self, passage: Passage) -> Iterator[str]:
        day = self.writer.local(passage.first_at).date()
        yield self.words.count("recycled.times", passage.times)
        yield self.words.say("recycled.first", day=self.writer.year_day(day))
        if len(passage.years) > 1:
            yield self.words.say("recycled.years", years=self.writer.years(passage.years))
        if passage.is_quotation:
            yield self.words.say("recycled.quotation")

    def _risen(self) -> list[Keyword]:
        return [word for word in self.digest.keywords if word.keyness > 0]

    def _fallen(self) -> list[Keyword]:
        return [word for word in self.digest.keywords if word.keyness < 0]

    def _word(self, word: Keyword) -> _WordView:
        largest = max(abs(other.keyness) for other in self.digest.keywords)
        strength = self.words.number(round(abs(word.keyness)))
        context = word.context
        return _WordView(
            term=Quote(visible(word.term, NAME_LENGTH), language_tag(word.language), None),
            language=self.writer.language(word.language or UNDETERMINED),
            texts=self.words.number(word.articles),
            strength=strength if word.keyness > 0 else self.words.signed(strength, -1),
            width=percent(round(abs(word.keyness) * 100), round(largest * 100)),
            context=quoted(context.text, context.article, TITLE_LENGTH) if context else None,
        )

    def _fact(self, fact: DisputedFact) -> _FactView:
        about = self.words.name("facts", fact.about)
        return _FactView(visible(about, NAME_LENGTH), tuple(map(self._claim, fact.claims)))

    def _claim(self, claim: Claim) -> _ClaimView:
        figure, blank, unit = claim.value.partition(" ")
        value = f"{figure}{blank}{self.words.name('units', unit)}"
        return _ClaimView(
            value=visible(value, NAME_LENGTH),
            outlets=tuple(
                (quoted(found.article.title, found, TITLE_LENGTH), self._kind(found.source))
                for found in claim.articles[:OUTLETS_NAMED]
            ),
            left=max(0, len(claim.articles) - OUTLETS_NAMED),
        )


def _told(sentences: Iterable[Sentence]) -> Iterator[Quote]:
    """Join what is quoted of one article, so that its outlet is named once.

    What was left out between two sentences is marked: they may not belong together.
    """
    for _, group in groupby(sentences, key=lambda sentence: sentence.article.id):
        told = [*group]
        quotes = [quoted(one.text, one.article, SENTENCE_LENGTH) for one in told]
        text = quotes[0].text
        for (before, after), quote in zip(pairwise(told), quotes[1:], strict=True):
            text += f" {quote.text}" if _follows(before, after) else f" … {quote.text}"
        yield replace(quotes[0], text=text)


def _follows(before: Sentence, after: Sentence) -> bool:
    whole = " ".join(before.article.article.text.split())
    return " ".join(f"{before.text} {after.text}".split()) in whole


def _outlets(story: Story) -> set[str]:
    return {article.source.id for article in story.articles}


def _comparisons(figure: Figure) -> tuple[tuple[str, int], ...]:
    pairs: Iterable[tuple[str, int | None]] = (
        ("last_week", figure.last_week),
        ("last_year", figure.last_year),
    )
    return tuple((name, before) for name, before in pairs if before is not None)
