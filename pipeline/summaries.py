"""The sentences that tell a story.

We quote, we do not write. The headline is the title of the text that was carried most;
the sentences come from the story's texts in the headline's language. A sentence ranks
by its cosine similarity to the mean of all (its centroid, on TF-IDF: Radev et al.
2004), by what it shares with the headline, and by how early it stands; a short sentence
counts for less. What was printed before the week stands behind what is new. On news
texts in Persian and Turkish this did better than the graph methods (TextRank, LexRank),
which favour the long and the late.

Not every sentence can stand alone. Left out are those within a quotation, which would
put a speaker's words into the outlet's mouth, and those longer than may be quoted.
Excerpts are no copies: `MOST_QUOTED` words of an article, its title included.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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
#: Weight of the headline's words and of an early place beside the centroid's: the best
#: of six settings on news in Persian and Turkish.
_TITLE_WEIGHT = 0.3
_PLACE_WEIGHT = 0.3
#: What remains of the rank of a sentence that was printed before.
_SEEN_FACTOR = 0.5
#: Share of a sentence's words, said already in one other, from which it adds nothing.
_SAID = 0.6
#: Words outside the quotation that can name a speaker: "said X".
_LEAST_OWN_WORDS = 2

#: An opening mark of one language closes in another („…“, “…”, «…», »…«): each toggles.
_QUOTES = frozenset('"“”„«»')
_DASHES = ("-", "–", "—")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that could be quoted."""

    text: str
    article: ArchivedArticle
    place: int  # in its article, 0 first
    tokens: tuple[str, ...]  # match form

    @property
    def words(self) -> int:
        return len(words(self.text))


def summarize(story: Story, *, seen: Container[int] = frozenset(), most: int = 3) -> StorySummary:
    """Choose a headline and at most ``most`` sentences that tell ``story``.

    ``seen`` are the keys of passages printed before the week. The sentences come in the
    order of their articles' publication, then of the text. There may be none.
    """
    first = story.groups[0].representative
    headline = Sentence(text=first.article.title, article=first)
    candidates = [c for article in _texts(story) for c in _candidates(article)]
    ranked = _rank(candidates, headline.text, seen)
    chosen = _choose(ranked, headline, most)
    chosen.sort(key=lambda c: (c.article.published_at, c.article.id, c.place))
    return StorySummary(
        story=story,
        headline=headline,
        sentences=tuple(Sentence(text=c.text, article=c.article) for c in chosen),
    )


def _texts(story: Story) -> list[ArchivedArticle]:
    """Return one article of each group in the headline's language."""
    language = story.groups[0].representative.article.language
    found = [group.representative for group in story.groups]
    return [article for article in found if article.article.language == language][:_MOST_TEXTS]


# --- what can be quoted ----------------------------------------------------


def _candidates(article: ArchivedArticle) -> Iterator[_Candidate]:
    title = fold(article.article.title)
    readable = (s for s in _own_words(article.article.text) if fold(s) != title)
    for place, sentence in zip(range(_MOST_SENTENCES), readable, strict=False):
        tokens = tuple(words(fold(sentence)))
        if _SHORTEST <= len(tokens) <= MOST_QUOTED:
            yield _Candidate(sentence, article, place, tokens)


def _own_words(text: str) -> Iterator[str]:
    """Yield the sentences that do not lie within a quotation.

    >>> list(_own_words('He said: "We came. We are glad." Then all sang.'))
    ['Then all sang.']
    """
    for paragraph in text.split("\n\n"):
        quoting = False  # an unclosed quotation ends with its paragraph
        for sentence in sentences(paragraph):
            outside, quoting_after = _outside(sentence, quoting=quoting)
            whole = not quoting and not quoting_after
            if whole and _has_speaker(sentence, outside):
                yield sentence
            quoting = quoting_after


def _outside(sentence: str, *, quoting: bool) -> tuple[str, bool]:
    """Return what stands outside quotation marks, and whether one is still open."""
    outside = []
    for letter in sentence:
        if letter in _QUOTES:
            quoting = not quoting
            outside.append(" ")
        elif not quoting:
            outside.append(letter)
    return "".join(outside), quoting


def _has_speaker(sentence: str, outside: str) -> bool:
    """Tell whether the outlet says something itself, be it only "said X"."""
    if sentence.startswith(_DASHES):
        # Direct speech in Russian and Turkish; a second dash brings the speaker.
        return any(dash in sentence[1:] for dash in _DASHES[1:])
    return len(words(outside)) >= _LEAST_OWN_WORDS


# --- which are quoted ------------------------------------------------------


def _rank(
    candidates: Sequence[_Candidate], headline: str, seen: Container[int]
) -> list[_Candidate]:
    """Return the candidates, the most telling first."""
    if not candidates:
        return []
    language = candidates[0].article.article.language
    scores = _likeness(candidates, headline, STOP_WORDS.get(language or "", frozenset()))
    ranks = {
        candidate: _rank_of(candidate, score, seen=seen)
        for candidate, score in zip(candidates, scores, strict=True)
    }
    return sorted(
        candidates, key=lambda c: (-ranks[c], c.article.published_at, c.article.id, c.place)
    )


def _rank_of(candidate: _Candidate, score: float, *, seen: Container[int]) -> float:
    early = _PLACE_WEIGHT / (1 + candidate.place)
    length = min(1.0, len(candidate.tokens) / _FULL_LENGTH)
    is_old = any(passage.key in seen for passage in find_passages(candidate.text))
    return (score + early) * length * (_SEEN_FACTOR if is_old else 1)


def _likeness(candidates: Sequence[_Candidate], headline: str, stop: frozenset[str]) -> list[float]:
    """Return how near each candidate is to the middle of all and to the headline."""
    # Half a second to import: only for those who make a digest.
    import numpy as np  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.metrics.pairwise import cosine_similarity  # noqa: PLC0415

    texts = [[t for t in c.tokens if t not in stop] for c in candidates]
    title = [t for t in words(fold(headline)) if t not in stop]
    if not any(texts):
        return [0.0] * len(texts)
    vectorizer: Any = TfidfVectorizer(analyzer=_as_given, sublinear_tf=True)
    vectors = vectorizer.fit_transform(texts)
    middle = np.asarray(vectors.mean(axis=0))
    near = cosine_similarity(vectors, middle)[:, 0]
    titled = cosine_similarity(vectors, vectorizer.transform([title]))[:, 0]
    scores: list[float] = (near + _TITLE_WEIGHT * titled).tolist()
    return scores


def _as_given(tokens: Iterable[str]) -> Iterable[str]:
    return tokens


def _choose(ranked: Iterable[_Candidate], headline: Sentence, most: int) -> list[_Candidate]:
    """Take the best within the words that may be quoted, no two that say the same."""
    quoted = Counter({headline.article.id: len(words(headline.text))})
    said = [frozenset(words(fold(headline.text)))]
    chosen: list[_Candidate] = []
    for candidate in ranked:
        if len(chosen) == most:
            break
        own = frozenset(candidate.tokens)
        room = MOST_QUOTED - quoted[candidate.article.id]
        adds = all(len(own & other) <= _SAID * len(own) for other in said)
        if candidate.words <= room and adds:
            chosen.append(candidate)
            said.append(own)
            quoted[candidate.article.id] += candidate.words
    return chosen
