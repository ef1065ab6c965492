"""The sentences that tell a story.

We quote, we do not write. The headline is the title of the text that was carried most;
the sentences come from the story's texts in the headline's language. A sentence ranks
by its cosine similarity to the mean of all (its centroid, on TF-IDF: Radev et al.
2004), by what it shares with the headline, by how early it stands, and by how much it
keeps of the numbers and names that the story repeats; a short sentence counts for less.
All that is counted on stems without stop words, since az, tr and ru say a thing again
with other endings. What was printed before the week stands behind what is new, and a
sentence loses by its likeness to one that is chosen already (maximal marginal relevance,
Carbonell & Goldstein 1998). On news texts in Persian and Turkish this did better than the
graph methods (TextRank, LexRank), which favour the long and the late.

Not every sentence can stand alone. Left out are those within a quotation and those that
speak as "I", "we" or to "you", which would put a speaker's words into the outlet's mouth,
and those longer than may be quoted. Excerpts are no copies: `MOST_QUOTED` words of an
article, its title included.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.inflection import stem
from pipeline.model import ArchivedArticle, Sentence, Story, StorySummary
from pipeline.passages import find_passages
from pipeline.stopwords import STOP_WORDS
from pipeline.text import fold, sentences, words

#: Words quoted of one article in all: an excerpt by any law on quotation.
MOST_QUOTED = 60
#: Words. Below it a sentence is a caption, a greeting or a label.
_SHORTEST = 7
#: Words from which a sentence counts in full: shorter ones say little.
_FULL_LENGTH = 15
#: Texts of a story that are read; more of the same add nothing to the mean.
_MOST_TEXTS = 30
#: Sentences of a text that are read: news puts first what matters.
_MOST_SENTENCES = 40
#: Weights beside the centroid's, which is at most 1. Of the headline's words and of an early
#: place: amid those that did alike on both halves of the news in Persian and Turkish.
_TITLE_WEIGHT = 0.8
_PLACE_WEIGHT = 0.3
#: Of the share of the story's numbers and names: the most that cost nothing on that news.
_FACTS_WEIGHT = 0.2
#: Taken away for full likeness to a chosen sentence, likewise.
_REPETITION = 0.4
#: What remains of the rank of a sentence that was printed before.
_SEEN_FACTOR = 0.5
#: Share of a sentence's terms, said already in one other, from which it adds nothing.
_SAID = 0.6
#: Words outside the quotation that can name a speaker: "said X".
_LEAST_OWN_WORDS = 2

#: What closes a quotation, by the mark that opens it: “ and » open in one language and close
#: in another.
_CLOSERS = {
    '"': '"”', "“": '”“"', "”": "”“", "„": '“”"', "«": "»", "»": "«", "‹": "›", "›": "‹",
    "「": "」", "『": "』", "《": "》",
}  # fmt: skip
_SINGLE, _SINGLE_END = "‘", "’"  # British; the latter is an apostrophe too
_DASHES = ("-", "–", "—")

#: Words in the match form with which somebody speaks of himself or to others. Left out are
#: "our" where news has it of a country or a team (наш, bizim), and "us", which is also US.
_SPOKEN = {
    "az": "men mene meni menim biz bize bizi siz size sizi sizin",
    "tr": "ben bana beni benim biz bize bizi siz size sizi sizin",
    "ru": "я мне меня мной мы нам нас вы вам вас вами поздравляю поздравляем желаю желаем",
    "uk": "я мені мене мною ми нам нас ви вам вас вами вітаю вітаємо бажаю бажаємо",
    "en": "i i'm i've i'll me my we we're we've we'll our you you're your",
    "de": "ich mir mich mein meine wir unser unsere euch",
    "fr": "je j' me mon ma mes nous notre nos vous votre vos",
    "es": "yo nosotros nuestro nuestra nuestros nuestras ustedes vosotros",
    "fa": "من ما شما",
    "ar": "انا نحن",
    "ka": "მე ჩვენ თქვენ",
}
_SPEAKING: Mapping[str, frozenset[str]] = {
    language: frozenset(listed.split()) for language, listed in _SPOKEN.items()
}
#: Endings of verbs that do without a pronoun ("təbrik edirəm", "kutluyoruz"), match form.
_SPEAKING_ENDINGS = {
    "az": ("iram", "irem", "uram", "urem", "acagam", "eceyem", "acagiq", "eceyik"),
    "tr": ("iyorum", "uyorum", "iyoruz", "uyoruz", "acagim", "ecegim", "acagiz", "ecegiz"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that could be chosen."""

    text: str
    place: int  # in its article, 0 first
    is_old: bool = False  # it was printed before the week


@dataclass(frozen=True, slots=True)
class _Quotable:
    """A candidate with its article."""

    candidate: Candidate
    article: ArchivedArticle

    @property
    def text(self) -> str:
        return self.candidate.text

    @property
    def order(self) -> tuple[object, ...]:
        return self.article.published_at, self.article.id, self.candidate.place


def summarize(story: Story, *, seen: Container[int] = frozenset(), most: int = 3) -> StorySummary:
    """Choose a headline and at most ``most`` sentences that tell ``story``.

    ``seen`` are the keys of passages printed before the week. The sentences come in the
    order of their articles' publication, then of the text. There may be none.
    """
    first = story.groups[0].representative
    headline = Sentence(text=first.article.title, article=first)
    chosen = _choose(_texts(story), headline, seen, most) if most else []
    return StorySummary(
        story=story,
        headline=headline,
        sentences=tuple(
            Sentence(text=one.text, article=one.article)
            for one in sorted(chosen, key=lambda one: one.order)
        ),
    )


def _texts(story: Story) -> list[ArchivedArticle]:
    """Return one article of each group in the headline's language."""
    language = story.groups[0].representative.article.language
    found = [group.representative for group in story.groups]
    return [article for article in found if article.article.language == language][:_MOST_TEXTS]


def _choose(
    texts: Sequence[ArchivedArticle], headline: Sentence, seen: Container[int], most: int
) -> list[_Quotable]:
    """Take the best within the words that may be quoted, no two that say the same."""
    language = headline.article.article.language
    found = [one for article in texts for one in _quotables(article, seen)]
    found.sort(key=lambda one: one.order)  # of equals the first published wins
    spent = Counter({headline.article.id: len(words(headline.text))})
    said = [frozenset(_terms(headline.text, language))]

    def admits(number: int) -> bool:
        one = found[number]
        own, length = frozenset(_terms(one.text, language)), len(words(one.text))
        adds = all(len(own & other) <= _SAID * len(own) for other in said)
        if not adds or spent[one.article.id] + length > MOST_QUOTED:
            return False
        said.append(own)
        spent[one.article.id] += length
        return True

    names = {
        term
        for article in texts
        for mention in article.entities
        for term in _terms(mention.form, language)
    }
    candidates = [one.candidate for one in found]
    chosen = choose_sentences(
        candidates, headline.text, language, most=most, names=names, admits=admits
    )
    return [found[number] for number in chosen]


# --- what can be quoted ----------------------------------------------------


def _quotables(article: ArchivedArticle, seen: Container[int]) -> Iterator[_Quotable]:
    title = fold(article.article.title)
    language = article.article.language
    readable = (s for s in _own_words(article.article.text, language) if fold(s) != title)
    for place, sentence in zip(range(_MOST_SENTENCES), readable, strict=False):
        if _SHORTEST <= len(words(sentence)) <= MOST_QUOTED:
            is_old = any(passage.key in seen for passage in find_passages(sentence))
            yield _Quotable(Candidate(text=sentence, place=place, is_old=is_old), article)


def _own_words(text: str, language: str | None) -> Iterator[str]:
    """Yield the sentences in which the outlet itself speaks, or says who does.

    >>> list(_own_words('He said: "We came. We are glad." Then all sang.', "en"))
    ['Then all sang.']
    """
    paragraphs = text.split("\n\n")
    quoting = ""
    for number, paragraph in enumerate(paragraphs):
        if quoting and not _goes_on(quoting, paragraphs[number:]):
            quoting = ""
        for sentence in sentences(paragraph):
            outside, quoting_after = _outside(sentence, quoting)
            whole = not quoting and not quoting_after
            if whole and _has_speaker(sentence, outside) and not _speaks(outside, language):
                yield sentence
            quoting = quoting_after


def _goes_on(quoting: str, paragraphs: Iterable[str]) -> bool:
    """Tell whether a quotation that was not closed goes on in the paragraphs that follow.

    In az, ru and fa a speech of several paragraphs is closed at its end and opened nowhere
    between; in English each paragraph opens it anew. If no mark closes it, it was a slip.
    """
    marks = {quoting, *_CLOSERS.get(quoting, "")} - {_SINGLE}
    for paragraph in paragraphs:
        for at, letter in enumerate(paragraph):
            if letter in marks:
                return not (at == 0 or paragraph[at - 1].isspace())
    return False


def _outside(sentence: str, quoting: str) -> tuple[str, str]:
    """Return what stands outside quotation marks, and the mark that is still open, if any."""
    outside = []
    for at, letter in enumerate(sentence):
        if not quoting and _opens(sentence, at):
            quoting = letter
        elif quoting and _closes(sentence, at, quoting):
            quoting = ""
            outside.append(" ")
        elif not quoting:
            outside.append(letter)
    return "".join(outside), quoting


def _opens(sentence: str, at: int) -> bool:
    """Tell whether a quotation begins: a single mark only before a word, not within one."""
    if sentence[at] != _SINGLE:
        return sentence[at] in _CLOSERS
    return not sentence[at - 1 : at].isalnum() and sentence[at + 1 : at + 2].isalnum()


def _closes(sentence: str, at: int, quoting: str) -> bool:
    """Tell whether a quotation ends: one in single marks not with an apostrophe."""
    if quoting == _SINGLE:
        return sentence[at] == _SINGLE_END and not sentence[at + 1 : at + 2].isalnum()
    return sentence[at] in _CLOSERS[quoting]


def _has_speaker(sentence: str, outside: str) -> bool:
    """Tell whether the outlet says something itself, be it only "said X"."""
    if sentence.startswith(_DASHES):
        # Direct speech in Russian and Turkish; a second dash brings the speaker.
        return any(dash in sentence[1:] for dash in _DASHES[1:])
    return len(words(outside)) >= _LEAST_OWN_WORDS


def _speaks(outside: str, language: str | None) -> bool:
    """Tell whether somebody speaks for himself: a letter or an address without marks.

    Who says it may stand before a colon, or after a dash.
    """
    if outside.startswith(_DASHES):
        return False
    tokens = words(fold(outside.partition(":")[0]))
    spoken = _SPEAKING.get(language or "", frozenset())
    endings = _SPEAKING_ENDINGS.get(language or "", ())
    return any(token in spoken or token.endswith(endings) for token in tokens)


# --- which are chosen ------------------------------------------------------


def choose_sentences(  # noqa: PLR0913 - options, each with a name
    candidates: Sequence[Candidate],
    headline: str,
    language: str | None,
    *,
    most: int,
    names: Container[str] = frozenset(),
    admits: Callable[[int], bool] = lambda _: True,
) -> list[int]:
    """Return the numbers of at most ``most`` candidates that tell the most, the best first.

    ``names`` are stems of names to be kept. ``admits`` is asked about each that is about to
    be chosen, in order, and what it refuses is not chosen.

    >>> told = ["The weather was fine and warm all day.", "In Lyon the choir sang for an hour.",
    ...         "For an hour sang the choir of Lyon."]
    >>> found = [Candidate(text=text, place=place) for place, text in enumerate(told)]
    >>> choose_sentences(found, "The choir sang in Lyon", "en", most=1)
    [1]
    """
    import numpy as np  # noqa: PLC0415 - half a second to import: only for digests

    if not candidates:
        return []
    terms = [_terms(candidate.text, language) for candidate in candidates]
    vectors, title = _vectors(terms, _terms(headline, language))
    near = _cosines(vectors, vectors.mean(axis=0)) + _TITLE_WEIGHT * _cosines(vectors, title)
    facts = _FACTS_WEIGHT * np.array(_kept_facts(candidates, language, names))
    early = _PLACE_WEIGHT / (1 + np.array([one.place for one in candidates]))
    worth = (near + early + facts) * np.array([*map(_weight, candidates)])
    said = np.zeros(len(candidates))
    chosen: list[int] = []
    for _ in candidates:
        best = int(np.argmax(worth - _REPETITION * said))
        if len(chosen) < most and admits(best):
            chosen.append(best)
            said = np.maximum(said, _cosines(vectors, vectors[best].toarray()))
        worth[best] = -np.inf
    return chosen


def _terms(text: str, language: str | None) -> list[str]:
    """Return the stems of the words of ``text`` that are no stop words."""
    return [term for word in words(text) if (term := _term(word, language))]


@lru_cache(maxsize=100_000)  # as of `stem`
def _term(word: str, language: str | None) -> str:
    """Return the stem of ``word``; nothing if it is a stop word."""
    stop = STOP_WORDS.get(language or "", frozenset())
    return "" if fold(word) in stop else stem(word, language)


def _vectors(terms: Sequence[Sequence[str]], title: Sequence[str]) -> tuple[Any, Any]:
    """Return the TF-IDF of each sentence, one a row, and of the title; each of length 1 or 0."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - as above

    vectorizer = TfidfVectorizer(analyzer=_as_given, sublinear_tf=True)
    # A term of ours, lest there be none at all; no sentence has it.
    vectorizer.fit([*terms, [""]])
    return vectorizer.transform(terms), vectorizer.transform([title]).toarray()


def _as_given(terms: Iterable[str]) -> Iterable[str]:
    return terms


def _cosines(vectors: Any, other: Any) -> Any:
    """Return the cosine of each row, of length 1, to one row of any length."""
    import numpy as np  # noqa: PLC0415 - as above

    other = np.asarray(other).ravel()
    return vectors @ (other / (np.linalg.norm(other) or 1.0))


def _weight(candidate: Candidate) -> float:
    length = min(1.0, len(words(candidate.text)) / _FULL_LENGTH)
    return length * (_SEEN_FACTOR if candidate.is_old else 1.0)


def _kept_facts(
    candidates: Iterable[Candidate], language: str | None, names: Container[str]
) -> list[float]:
    """Return of each which share of the numbers and names of all it has, the frequent first."""
    facts = [frozenset(_facts(one.text, language, names)) for one in candidates]
    counts = Counter(fact for found in facts for fact in found)
    total = max(1, counts.total())
    return [sum(counts[fact] for fact in found) / total for found in facts]


def _facts(text: str, language: str | None, names: Container[str]) -> Iterator[str]:
    """Yield its numbers, what is capitalized within it, and the names that are given."""
    for place, word in enumerate(words(text)):
        key = stem(word, language)
        if word[0].isdecimal() or (place and word[0].isupper()) or key in names:
            yield key
