"""Which terms a week uses more than the baseline.

A term is one to three words that stand together in a sentence, all inflected forms
counted as one and shown in the most frequent. It counts once a text, and copies of one
text count once, for otherwise the most copied article would write the list. Texts with
and without the term, in the week and in the baseline, make a table of two by two;
keyness is its log-likelihood ratio G² (Dunning 1993; as a measure of keywords Rayson &
Garside 2000). Weeks and baselines are compared within one language: a week with more
Russian than usual has no Russian keywords for it. A language of which the baseline has
no text has no keywords.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from pipeline.inflection import stem, usual_form
from pipeline.model import ArchivedArticle, Keyword
from pipeline.stopwords import STOP_WORDS
from pipeline.text import fold, sentences, words

#: Words of the longest term.
LONGEST_TERM = 3
#: One text has no say over a week.
LEAST_TEXTS = 2
#: G² that chance exceeds in one of a hundred terms (chi square, one degree of freedom).
LEAST_KEYNESS = 6.63
#: Share of a term's texts that must hold a longer term for the longer to stand for both.
_ABSORBED = 0.67
#: Letters; "az" and "AI" are words, a single letter is an initial or an ending.
_SHORTEST_WORD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCounts:
    """In how many distinct texts of each language the terms stand."""

    texts: Mapping[str | None, int]
    terms: Mapping[str | None, Mapping[str, int]]  # by language, by the stems of its words


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A term of the week with its figures; the text is the stems of its words."""

    term: str
    language: str | None
    texts: int
    keyness: float

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.term.split())


def find_keywords(
    week: Sequence[ArchivedArticle],
    baseline: Sequence[ArchivedArticle] | TermCounts,
    *,
    most: int = 20,
    unwanted: Collection[str] = (),
) -> tuple[Keyword, ...]:
    """Return the ``most`` telling terms of ``week`` against ``baseline``, telling first.

    ``unwanted`` are terms in any form; the names of the week's outlets are unwanted anyway.
    """
    texts = _distinct(week)
    names = {*unwanted, *(article.source.name for article in week)}
    counts = count_terms(texts)
    frequent = _frequent(counts)
    refused = {(language, _key(name, language)) for name in names for language in frequent}
    if not isinstance(baseline, TermCounts):
        baseline = count_terms(baseline, only=frequent)
    candidates = [
        candidate
        for candidate in _candidates(frequent, counts, baseline)
        if (candidate.language, candidate.term) not in refused
    ]
    chosen = _without_overlap(_without_absorbed(candidates), most)
    forms = _real_forms(texts, chosen)
    return tuple(
        Keyword(
            term=forms[candidate.language, candidate.term],
            language=candidate.language,
            articles=candidate.texts,
            keyness=candidate.keyness,
        )
        for candidate in chosen
    )


def count_terms(
    articles: Iterable[ArchivedArticle],
    *,
    only: Mapping[str | None, Container[str]] | None = None,
) -> TermCounts:
    """Count the terms of distinct texts; those in ``only`` if given, else all."""
    by_language = _by_language(articles)
    return TermCounts(
        texts={language: len(found) for language, found in by_language.items()},
        terms={
            language: _document_frequencies(
                found, language, None if only is None else only.get(language, ())
            )
            for language, found in by_language.items()
        },
    )


def keyness(here: int, of: int, there: int, of_there: int) -> float:
    """Return G² of a term in ``here`` of ``of`` texts and ``there`` of ``of_there``.

    Negative if the term is rarer here.

    >>> round(keyness(10, 20, 5, 100), 2)
    23.0
    >>> keyness(0, 20, 10, 20) < 0 == keyness(5, 10, 50, 100)
    True
    """
    total, using = of + of_there, here + there
    cells = (
        (here, of * using),
        (there, of_there * using),
        (of - here, of * (total - using)),
        (of_there - there, of_there * (total - using)),
    )
    ratio = 2 * sum(seen * log(seen * total / margins) for seen, margins in cells if seen)
    return ratio if here * of_there >= there * of else -ratio


# --- terms of texts --------------------------------------------------------


def _distinct(articles: Iterable[ArchivedArticle]) -> list[ArchivedArticle]:
    """Return one article of each group of copies, the first by id."""
    found: dict[int, ArchivedArticle] = {}
    for article in sorted(articles, key=lambda article: article.id):
        found.setdefault(article.representative_id, article)
    return list(found.values())


def _by_language(articles: Iterable[ArchivedArticle]) -> dict[str | None, list[ArchivedArticle]]:
    found: dict[str | None, list[ArchivedArticle]] = defaultdict(list)
    for article in _distinct(articles):
        found[article.article.language].append(article)
    return found


def _document_frequencies(
    articles: Sequence[ArchivedArticle], language: str | None, only: Container[str] | None
) -> Mapping[str, int]:
    # Half a second to import: only for those who make a digest.
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415

    stop = _stop_words(language)
    found = [
        {term for term, _ in _terms(article, stop) if only is None or term in only}
        for article in articles
    ]
    if not any(found):
        return {}
    vectorizer = CountVectorizer(analyzer=_as_given, binary=True)
    columns: list[int] = vectorizer.fit_transform(found).getnnz(axis=0).tolist()
    return dict(zip(vectorizer.get_feature_names_out().tolist(), columns, strict=True))


def _as_given(terms: Iterable[str]) -> Iterable[str]:
    return terms


def _terms(article: ArchivedArticle, stop: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield each term of an article: the stems of its words and its real form."""
    language = article.article.language
    for sentence in sentences(f"{article.article.title}\n{article.article.text}"):
        real = words(sentence)
        stems = [stem(word, language) for word in real]
        edge = [_may_end_a_term(fold(word), stop) for word in real]
        for start in range(len(real)):
            if not edge[start]:
                continue
            for end in range(start + 1, min(start + LONGEST_TERM, len(real)) + 1):
                if edge[end - 1]:
                    yield " ".join(stems[start:end]), " ".join(real[start:end])


def _key(term: str, language: str | None) -> str:
    return " ".join(stem(word, language) for word in words(term))


def _may_end_a_term(word: str, stop: frozenset[str]) -> bool:
    return len(word) >= _SHORTEST_WORD and word not in stop and not word[0].isdecimal()


# --- choosing --------------------------------------------------------------


def _frequent(counts: TermCounts) -> dict[str | None, dict[str, int]]:
    return {
        language: {term: texts for term, texts in terms.items() if texts >= LEAST_TEXTS}
        for language, terms in counts.terms.items()
    }


def _candidates(
    frequent: Mapping[str | None, Mapping[str, int]], week: TermCounts, baseline: TermCounts
) -> list[_Candidate]:
    """Return the key terms, the most telling first, each in one language."""
    by_term: dict[str, _Candidate] = {}
    for language, terms in frequent.items():
        others = baseline.terms.get(language, {})
        sizes = week.texts[language], baseline.texts.get(language, 0)
        for term, texts in terms.items():
            value = keyness(texts, sizes[0], others.get(term, 0), sizes[1])
            candidate = _Candidate(term, language, texts, value)
            if value >= LEAST_KEYNESS and texts > _texts(by_term.get(term)):
                by_term[term] = candidate
    return sorted(by_term.values(), key=lambda c: (-c.keyness, -c.texts, c.term))


def _texts(candidate: _Candidate | None) -> int:
    return candidate.texts if candidate else 0


def _without_absorbed(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Leave out terms that stand nearly always within one longer term."""
    texts = {(candidate.language, candidate.term): candidate.texts for candidate in candidates}
    absorbed = {
        (candidate.language, part)
        for candidate in candidates
        for part in _parts(candidate.term)
        if candidate.texts >= texts.get((candidate.language, part), 0) * _ABSORBED
    }
    return [c for c in candidates if (c.language, c.term) not in absorbed]


def _parts(term: str) -> Iterator[str]:
    """Yield the shorter terms within ``term``.

    >>> list(_parts("united nations day"))
    ['united', 'united nations', 'nations', 'nations day', 'day']
    """
    tokens = term.split()
    for start in range(len(tokens)):
        for end in range(start + 1, len(tokens) + 1):
            if end - start < len(tokens):
                yield " ".join(tokens[start:end])


def _without_overlap(candidates: Iterable[_Candidate], most: int) -> list[_Candidate]:
    """Choose in order, leaving out what says again what a chosen term says."""
    chosen: list[_Candidate] = []
    for candidate in candidates:
        if len(chosen) == most:
            break
        if not any(_overlap(candidate, earlier) for earlier in chosen):
            chosen.append(candidate)
    return chosen


def _overlap(a: _Candidate, b: _Candidate) -> bool:
    """One within the other, or two words in common."""
    enough = min(2, len(a.words), len(b.words))
    return a.language == b.language and len(a.words & b.words) >= enough


def _real_forms(
    texts: Iterable[ArchivedArticle], chosen: Iterable[_Candidate]
) -> dict[tuple[str | None, str], str]:
    """Return the most frequent spelling of each chosen term in texts of its language."""
    spellings: dict[tuple[str | None, str], Counter[str]] = {
        (candidate.language, candidate.term): Counter() for candidate in chosen
    }
    for article in texts:
        language = article.article.language
        for term, real in _terms(article, _stop_words(language)):
            if (language, term) in spellings:
                spellings[language, term][real] += 1
    return {key: usual_form(found) for key, found in spellings.items()}


def _stop_words(language: str | None) -> frozenset[str]:
    return STOP_WORDS.get(language or "", frozenset())
