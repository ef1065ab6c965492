"""Is an article about the holiday, does it only mention it, or neither?

All words come from the `Topic`; this module knows no holiday. It reads the match
form, in which the spellings of a name are equal, and asks:

- Where does a name stand? In the title or the lead an article says what it is about;
  further down one name is a mention and two are a subject. Below the opening one name is
  a mention too, unless a word beside it says that something is done for the holiday.
- Is a short name ("Solidarity Day") this holiday's? It needs its people near by, and
  near by the day, a word of its surroundings, or else a publication in the season or at
  a moment that nobody tells. Where the article also names a look-alike, the season proves
  nothing. Where a full name stands and no look-alike, short names need nothing more.
- Is it a list of days off? Then it is a mention at most. A notice in the lead of an
  article that has a name in its title does not count: the day itself is a day off.

About one article in six on the holiday has no name in its title, so titles alone do
not do. Each phrase is searched only in a text that holds the letters of all its words,
which keeps a text without a name cheap; endings and gaps are bounded and possessive,
which keeps a hostile one linear.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Article, Evidence, Phrase, Relevance, Topic, Verdict
from pipeline.patterns import PatternForm, PatternWord, parse_pattern
from pipeline.text import fold

#: Characters from the start of the text in which a newsroom says what it is about.
LEAD_CHARACTERS = 400
#: Characters from the start of the text in which nothing is named in passing: a sentence or two.
OPENING_CHARACTERS = 200
#: Characters to either side in which a word belongs to a name: about two sentences.
NEAR_CHARACTERS = 300
#: Characters to either side in which a word says what is done for a holiday: a clause.
BESIDE_CHARACTERS = 80
#: Characters between two words of a phrase: `", («` and the like; not a table's ruler.
GAP_CHARACTERS = 8
#: Letters that an ending may add; the longest case chains of Azerbaijani have about 20.
ENDING_LETTERS = 30

#: Scores of a full name: in the title, in the lead, in the text twice or more, once.
_TITLE, _LEAD, _AGAIN, _ONCE = 1.0, 0.9, 0.7, 0.5
#: What a score loses that rests on a short name; on one for which only an unknown moment speaks.
_SHORT_LOSS, _UNDATED_LOSS = 0.1, 0.2
#: From here an article is about the topic: a short name, twice in the text.
ABOUT_SCORE = 0.6

#: Stands between title and text; longer than any gap, so that no phrase bridges it.
_BREAK = "\n" * (GAP_CHARACTERS + 1)

_UNRELATED = Relevance(verdict=Verdict.UNRELATED, score=0.0)


def judge(article: Article, topic: Topic) -> Relevance:
    """Judge ``article`` by its title, its text and its moment of publication.

    The evidence names each phrase once per place, in the first form found.
    Raises ValueError for a topic with a pattern that `parse_pattern` refuses.
    """
    lexicon = _lexicon(topic)
    title = fold(_joined(article.title))
    text = title + _BREAK + fold(_joined(article.text))
    full, short = _find(lexicon.names, text), _find(lexicon.short_names, text)
    if not full and not short:
        return _UNRELATED
    look_alikes = _Spans(_find(lexicon.excluded, text))
    full = _distinct(hit for hit in full if not look_alikes.surround(hit, reach=0))
    short = _distinct(hit for hit in short if not look_alikes.touch(hit, reach=1))
    loss = _SHORT_LOSS
    if short and (look_alikes or not full):
        timely = False if look_alikes else _is_timely(article, topic)
        short, loss = _vouched(short, lexicon, text, timely=timely)
    names = _Spans(full)
    short = [hit for hit in short if not names.touch(hit, reach=0)]
    if not full and not short:
        return _UNRELATED
    return _weigh(_Names(full, short, loss), _Layout(title, text), lexicon)


#: A word that the end of a line has parted.
_PARTED = re.compile(r"(?<=[^\W\d_])-[ \t]*\r?\n[ \t]*(?=[^\W\d_])")


def _joined(text: str) -> str:
    """Join the words that were parted at the end of a line; a compound has a capital there."""

    def join(found: re.Match[str]) -> str:
        return "" if text[found.end()].islower() else found[0]

    return _PARTED.sub(join, text) if "-" in text else text


# --- phrases, ready to be found --------------------------------------------


@dataclass(frozen=True, slots=True)
class _Matcher:
    """A phrase, ready to be found."""

    pattern: str
    expression: str
    literals: tuple[tuple[str, ...], ...]  # a text needs one of each

    def find(self, text: str) -> Iterator["_Hit"]:
        for forms in self.literals:
            if not any(map(text.__contains__, forms)):
                return
        # Compiled only now: few phrases get here, and to compile all takes 0.1 s.
        for found in re.finditer(self.expression, text):
            yield _Hit(found.start(), found.end(), self.pattern)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The phrases of a topic, by what they are for."""

    names: tuple[_Matcher, ...]
    short_names: tuple[_Matcher, ...]
    subjects: tuple[_Matcher, ...]
    signs: tuple[_Matcher, ...]  # moments, settings, and notices, which vouch for a mention
    excluded: tuple[_Matcher, ...]
    notices: tuple[_Matcher, ...]
    occasions: tuple[_Matcher, ...]


@lru_cache(maxsize=8)  # one topic in production; tests come with a few
def _lexicon(topic: Topic) -> _Lexicon:
    return _Lexicon(
        names=_compile_all(topic.names),
        short_names=_compile_all(topic.short_names),
        subjects=_compile_all(topic.subjects),
        signs=_compile_all(topic.moments + topic.settings + topic.notices),
        excluded=_compile_all(topic.excluded),
        notices=_compile_all(topic.notices),
        occasions=_compile_all(topic.occasions),
    )


def _compile_all(phrases: Iterable[Phrase]) -> tuple[_Matcher, ...]:
    return tuple(_compile(pattern) for pattern in dict.fromkeys(p.pattern for p in phrases))


def _compile(pattern: str) -> _Matcher:
    words = parse_pattern(pattern)
    needed = [tuple(fold(form.text) for form in word.forms) for word in words if not word.optional]
    # The longest first: it is the rarest, and the search ends at the first that is missing.
    needed.sort(key=lambda forms: min(map(len, forms)), reverse=True)
    return _Matcher(pattern, _expression(words), tuple(needed))


#: No letter behind. The underscore parts words: hashtags are full of them.
_END = r"(?![^\W_])"
_GAP = rf"[\W_]{{1,{GAP_CHARACTERS}}}+"
#: Turkish parts the endings of a proper noun by an apostrophe, English its genitive.
_ENDING = rf"[^\W_]{{0,{ENDING_LETTERS}}}+(?:'[^\W_]{{1,{ENDING_LETTERS}}}+)?"


def _expression(words: Sequence[PatternWord]) -> str:
    """Return the regular expression of a pattern over the match form."""
    parts: list[str] = []
    begun = False  # by a word that must be there
    for word in words:
        one = _alternatives(word)
        match begun, word.optional:
            case False, True:
                parts.append(f"(?:{one}{_GAP})?")
            case True, True:
                parts.append(f"(?:{_GAP}{one})?")
            case True, False:
                parts.append(_GAP + one)
            case _:
                parts.append(one)
        begun = begun or not word.optional
    return "".join(parts)


def _alternatives(word: PatternWord) -> str:
    return f"(?:{'|'.join(map(_form, word.forms))}){_END}"


def _form(form: PatternForm) -> str:
    # That no letter stands before it is asked after the letters were found: an
    # expression that begins with letters is searched some fifteen times as fast.
    letters = re.escape(fold(form.text))
    return rf"{letters}(?<![^\W_]{letters}){_ENDING if form.any_ending else ''}"


# --- where they stand ------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class _Hit:
    """A phrase found in a text."""

    start: int
    end: int
    pattern: str


class _Spans:
    """Stretches of a text, merged, so that nearness is one look-up."""

    def __init__(self, hits: Iterable[_Hit]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for hit in sorted(hits):
            if self._ends and hit.start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], hit.end)
            else:
                self._starts.append(hit.start)
                self._ends.append(hit.end)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def touch(self, hit: _Hit, *, reach: int) -> bool:
        """Tell whether one of them is within ``reach`` characters of ``hit``."""
        return self.between(hit.start - reach, hit.end + reach)

    def surround(self, hit: _Hit, *, reach: int) -> bool:
        """Tell whether one of them stands not wholly in ``hit``, within ``reach`` characters."""
        before, after = (hit.start - reach, hit.start - 1), (hit.end + 1, hit.end + reach)
        return self.between(*before) or self.between(*after)

    def between(self, start: int, end: int) -> bool:
        """Tell whether one of them touches what is from ``start`` to ``end``."""
        at = bisect_left(self._ends, start)
        return at < len(self._starts) and self._starts[at] <= end


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which part of the joined text is which."""

    title: str
    text: str

    def place(self, hit: _Hit) -> str:
        if hit.start < len(self.title):
            return "title"
        return "lead" if hit.start < self.lead_end else "text"

    @property
    def opening_end(self) -> int:
        return len(self.title) + len(_BREAK) + OPENING_CHARACTERS

    @property
    def lead_end(self) -> int:
        return len(self.title) + len(_BREAK) + LEAD_CHARACTERS


def _find(matchers: Iterable[_Matcher], text: str) -> list[_Hit]:
    return [hit for matcher in matchers for hit in matcher.find(text)]


def _distinct(hits: Iterable[_Hit]) -> list[_Hit]:
    """Return the hits in their order, of those that overlap the first and longest."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


# --- what they prove -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Names:
    """The names that count, in one article."""

    full: Sequence[_Hit]
    short: Sequence[_Hit]
    loss: float  # of score, where it rests on short names


def _is_timely(article: Article, topic: Topic) -> bool | None:
    """Tell whether it was published in the season; None: nobody knows when."""
    if article.published is None:
        return None
    return topic.season.holds(article.published.at.astimezone(topic.zone).date())


def _vouched(
    short: Iterable[_Hit], lexicon: _Lexicon, text: str, *, timely: bool | None
) -> tuple[list[_Hit], float]:
    """Return the short names whose surroundings make them the topic's, and what they lose."""
    subjects = _Spans(_find(lexicon.subjects, text))
    owned = [hit for hit in short if subjects.touch(hit, reach=NEAR_CHARACTERS)]
    signs = _Spans(_find(lexicon.signs, text)) if owned else _Spans(())
    firm = [hit for hit in owned if timely or signs.surround(hit, reach=NEAR_CHARACTERS)]
    if firm or timely is not None:
        return firm, _SHORT_LOSS
    # Where nothing tells the time, a name that brings its people with it proves too little.
    return [hit for hit in owned if subjects.surround(hit, reach=NEAR_CHARACTERS)], _UNDATED_LOSS


def _weigh(names: _Names, layout: _Layout, lexicon: _Lexicon) -> Relevance:
    hits = sorted([*names.full, *names.short])
    passing = _is_passing(hits, layout, lexicon)
    places = ["text" if passing else layout.place(hit) for hit in hits]
    by_full = _score(["text" if passing else layout.place(hit) for hit in names.full])
    score = max(by_full, round(_score(places) - names.loss, 2))
    if _is_notice(layout, lexicon, named="title" in places):
        score = min(score, _ONCE)
    verdict = Verdict.ABOUT if score >= ABOUT_SCORE else Verdict.MENTION
    return Relevance(verdict=verdict, score=score, evidence=tuple(_evidence(hits, layout)))


def _is_passing(hits: Sequence[_Hit], layout: _Layout, lexicon: _Lexicon) -> bool:
    """Tell whether the only name stands below the opening, and nothing is done for it there."""
    if len(hits) > 1 or hits[0].start < layout.opening_end or not lexicon.occasions:
        return False
    start = max(0, hits[0].start - BESIDE_CHARACTERS)
    beside = layout.text[start : hits[0].end + BESIDE_CHARACTERS]
    return not _find(lexicon.occasions, beside)


def _score(places: Sequence[str]) -> float:
    if "title" in places:
        return _TITLE
    if "lead" in places:
        return _LEAD
    return (0.0, _ONCE, _AGAIN)[min(len(places), 2)]


def _is_notice(layout: _Layout, lexicon: _Lexicon, *, named: bool) -> bool:
    """Tell whether a notice stands in the title, or in the lead below a title without a name."""
    end = len(layout.title) if named else layout.lead_end
    return bool(_find(lexicon.notices, layout.text[:end]))


def _evidence(hits: Iterable[_Hit], layout: _Layout) -> Iterator[Evidence]:
    seen = set()
    for hit in hits:
        key = (hit.pattern, layout.place(hit))
        if key not in seen:
            seen.add(key)
            yield Evidence(phrase=key[0], where=key[1], form=layout.text[hit.start : hit.end])
