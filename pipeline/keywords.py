"""Which terms a week uses more than the baseline.

A term is one to three words that stand together in a sentence, all inflected forms
counted as one and shown in the most frequent. It counts once a text, and copies of one
text count once, for otherwise the most copied article would write the list. Texts with
and without the term, in the week and in the baseline, make a table of two by two;
keyness is its log-likelihood ratio G² (Dunning 1993; as a measure of keywords Rayson &
Garside 2000). Weeks and baselines are compared within one language: a week with more
Russian than usual has no Russian keywords for it. A language of which the baseline has
no text has no keywords.

G² says that a term is telling, not that a text is about it. So terms are ranked by the
root of G², which grows as a deviation does, times how prominent they are in the texts that
have them: how often and how early. A longer term counts for less, since most chance
sequences are rare elsewhere; but where it is among the telling ones and its words hardly
stand without it, it stands for them. The same holds for a week of one text, on which it was
measured (tests/bench/text/keywords.py).

What the terms are, and how prominent, is read from `_SAMPLE` texts of each language at most;
in how many texts those stand that may be shown is counted in all. To stem every word of ten
thousand texts would take longer than the rest of a digest.

Names of the topic's entities are one term in all languages and spellings. Their G² is the
sum of those of the languages: of independent tables it may be added.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import log, log2, sqrt
from typing import NamedTuple

from pipeline.inflection import stem, usual_form
from pipeline.model import ArchivedArticle, Keyword
from pipeline.stopwords import STOP_WORDS
from pipeline.text import fold, words

#: Words of the longest term.
LONGEST_TERM = 3
#: One text has no say over a week.
LEAST_TEXTS = 2
#: G² that chance exceeds in one of a hundred terms (chi square, one degree of freedom).
LEAST_KEYNESS = 6.63
#: Share of a term's places that must lie within a longer term for the longer to stand for both.
_ABSORBED = 0.67
#: Factor for each word after the first: of .3 to .5 the best for news of one and of many words.
_LONGER = 0.4
#: Added to the words before a term: those of a headline differ little in weight.
_HEADLINE = 10
#: For each term that is asked for, so many are looked at: further down are accidents.
_CONTENDERS = 4
#: Texts of a language from which its terms are gathered.
_SAMPLE = 300
#: Share of its language's texts in which a word of the week stands.
_LEAST_SHARE = 0.01
#: Letters; "az" and "AI" are words, a single letter is an initial or an ending.
_SHORTEST_WORD = 2

#: What pages say of themselves and of each other, in the match form: no term begins or ends so.
_LISTED_FURNITURE = """
    abone abune copyright facebook instagram linkedin telegram tiktok twitter whatsapp youtube
    foto fotolar fotograf video videolar videosu qalereya galeri menbe kaynak muellif yazar
    xeber xeberi verir haber haberi haberler haberleri etrafli tiklayin
    paylas paylasin oxuyun oxu okuyun izleyin
    фото видео источник читайте подписывайтесь подробнее поделиться ссылка материал материалы
    photo photos videos read click share subscribe newsletter source sources
    quelle lesen teilen abonnieren lire partager abonnez
    عکس فیلم منبع خبرگزاری
"""
_FURNITURE = frozenset(_LISTED_FURNITURE.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCounts:
    """In how many distinct texts of each language the terms and the entities stand."""

    texts: Mapping[str | None, int]
    terms: Mapping[str | None, Mapping[str, int]]  # by language, by the stems of its words
    entities: Mapping[str | None, Mapping[str, int]] = field(default_factory=dict)  # by their ids


class _Key(NamedTuple):
    """What is counted: the stems of a term in its language, or the id of an entity."""

    term: str
    language: str | None
    is_entity: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A term of the week with its figures."""

    key: _Key
    texts: int
    keyness: float


@dataclass(slots=True)
class _Use:
    """How the texts of the sample use a candidate."""

    texts: int = 0
    places: int = 0
    prominence: float = 0.0  # the sum of that in each text
    forms: Counter[tuple[str, str | None]] = field(default_factory=Counter)  # with the language
    #: Of each language, the stems of its words: of an entity, of all its names.
    words: set[tuple[str | None, str]] = field(default_factory=set)

    def note(self, form: str, language: str | None, stems: Iterable[str]) -> None:
        """Take note of one place."""
        self.forms[form, language] += 1
        self.words.update((language, one) for one in stems)


_Uses = Mapping[_Key, _Use]


def find_keywords(  # noqa: PLR0913 - options, each with a name
    week: Sequence[ArchivedArticle],
    baseline: Sequence[ArchivedArticle] | TermCounts,
    *,
    most: int = 20,
    unwanted: Collection[str] = (),
    least_texts: int = LEAST_TEXTS,
    least_keyness: float = LEAST_KEYNESS,
) -> tuple[Keyword, ...]:
    """Return the ``most`` telling terms of ``week`` against ``baseline``, telling first.

    ``unwanted`` are terms in any form; the names of the week's outlets are unwanted anyway.
    A term of less than ``least_texts`` or ``least_keyness`` is none.
    """
    texts = _distinct(week)
    sample = _sample(texts)
    counts = _frequent(count_terms(sample), least_texts)
    if not isinstance(baseline, TermCounts):
        baseline = count_terms(baseline, only=counts.terms)
    candidates = _above(_candidates(counts, baseline), least_keyness, least_texts)
    ranking = _Ranking.of(sample, candidates, unwanted, most)
    if len(sample) < len(texts):
        exact = _candidates(_recounted(ranking.contenders, texts, ranking.uses), baseline)
        ranking = ranking.again(_above(exact, least_keyness, least_texts))
    return tuple(map(ranking.keyword, ranking.chosen()))


def find_fallen(
    week: Sequence[ArchivedArticle], baseline: Sequence[ArchivedArticle], *, most: int = 10
) -> tuple[Keyword, ...]:
    """Return the ``most`` telling terms of ``baseline`` that ``week`` lacks or has less, first.

    Their keyness is negative. ``articles`` are those of the week, and may be 0.
    """
    texts = _distinct(week)
    sample = _sample(_distinct(baseline))
    counts = _frequent(count_terms(sample), LEAST_TEXTS)
    here = count_terms(_sample(texts), only=counts.terms)
    candidates = _above(_candidates(counts, here), LEAST_KEYNESS, LEAST_TEXTS)
    ranking = _Ranking.of(sample, candidates, (), most)
    chosen = ranking.chosen()
    now = _recounted(chosen, texts, ranking.uses)
    return tuple(
        replace(ranking.keyword(one), articles=_texts_with(one.key, now), keyness=-one.keyness)
        for one in chosen
    )


def _texts_with(key: _Key, counts: TermCounts) -> int:
    if key.is_entity:
        return sum(found.get(key.term, 0) for found in counts.entities.values())
    return counts.terms.get(key.language, {}).get(key.term, 0)


def _sample(texts: Sequence[ArchivedArticle]) -> list[ArchivedArticle]:
    """Return `_SAMPLE` texts of each language at most, taken at even distances."""
    return [one for found in _by_language(texts).values() for one in _evenly(found, _SAMPLE)]


def _above(candidates: Iterable[_Candidate], keyness: float, texts: int) -> list[_Candidate]:
    return [one for one in candidates if one.keyness >= keyness and one.texts >= texts]


# --- counting --------------------------------------------------------------


def count_terms(
    articles: Iterable[ArchivedArticle],
    *,
    only: Mapping[str | None, Iterable[str]] | None = None,
) -> TermCounts:
    """Count the terms of distinct texts; those in ``only`` if given, else all."""
    if only is None:
        return _counted(articles, None)
    return _counted(articles, {language: _Wanted.of(terms) for language, terms in only.items()})


def _counted(
    articles: Iterable[ArchivedArticle], wanted: Mapping[str | None, "_Wanted"] | None
) -> TermCounts:
    by_language = _by_language(articles)
    return TermCounts(
        texts={language: len(found) for language, found in by_language.items()},
        terms={
            language: _document_frequencies(found, None if wanted is None else wanted.get(language))
            for language, found in by_language.items()
            if wanted is None or language in wanted
        },
        entities={
            language: Counter(mention.entity_id for one in found for mention in one.entities)
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


def _evenly(articles: Sequence[ArchivedArticle], most: int) -> Sequence[ArchivedArticle]:
    """Return all, or one in so many that they are not more than ``most``."""
    return articles[:: -(-len(articles) // most)]


def _frequent(counts: TermCounts, least: int) -> TermCounts:
    """Return the counts without terms of less than ``least`` texts or `_LEAST_SHARE` of them."""
    kept = {
        language: {
            term: texts
            for term, texts in terms.items()
            if texts >= max(least, counts.texts[language] * _LEAST_SHARE)
        }
        for language, terms in counts.terms.items()
    }
    # Entities are added up over languages: in each they may be rare.
    return replace(counts, terms=kept)


def _recounted(
    contenders: Iterable[_Candidate], texts: Iterable[ArchivedArticle], uses: "_Uses"
) -> TermCounts:
    """Return in how many of all texts the contenders stand."""
    terms: dict[str | None, list[str]] = defaultdict(list)
    forms: dict[str | None, list[str]] = defaultdict(list)
    entities = set()
    for one in contenders:
        if one.key.is_entity:
            entities.add(one.key.term)
        else:
            terms[one.key.language].append(one.key.term)
            forms[one.key.language] += [form for form, _ in uses[one.key].forms]
    counts = _counted(
        texts, {language: _Wanted.of(found, forms[language]) for language, found in terms.items()}
    )
    named = {
        language: {one: texts for one, texts in found.items() if one in entities}
        for language, found in counts.entities.items()
    }
    return replace(counts, entities=named)


def _document_frequencies(
    articles: Sequence[ArchivedArticle], wanted: "_Wanted | None"
) -> Mapping[str, int]:
    # Half a second to import: only for those who make a digest.
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415

    found = ({term for term, _ in _terms(article, wanted)} for article in articles)
    vectorizer = CountVectorizer(analyzer=_as_given, binary=True)
    try:
        columns: list[int] = vectorizer.fit_transform(found).getnnz(axis=0).tolist()
    except ValueError:  # so it says that there is not one term
        return {}
    return dict(zip(vectorizer.get_feature_names_out().tolist(), columns, strict=True))


def _as_given(terms: Iterable[str]) -> Iterable[str]:
    return terms


# --- terms of a text -------------------------------------------------------


#: What a term does not cross. A dash stands between blanks, a hyphen does not.
_BREAK = re.compile(r"[.!?…؟۔।。,;:،؛()\[\]«»“”„\"\n]+|\s[-–—]+\s")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Terms that are looked for, and what lets others be passed over quickly."""

    #: The terms, and what they begin with; whether it is a term itself.
    beginnings: Mapping[str, bool]
    #: The first letters of their words; None: any.
    openings: frozenset[str] | None = None

    @classmethod
    def of(cls, terms: Iterable[str], forms: Iterable[str] | None = None) -> "_Wanted":
        """Return what it takes to find ``terms``: in these forms only, if they are given.

        >>> _Wanted.of(["united nations day"]).beginnings
        {'united nations day': True, 'united': False, 'united nations': False}
        """
        whole = dict.fromkeys(terms, True)
        parts = (term.split()[:length] for term in whole for length in range(1, LONGEST_TERM))
        openings = (
            None
            if forms is None
            else frozenset(_opening(word) for form in forms for word in words(form))
        )
        return cls(whole | {part: part in whole for part in map(" ".join, parts)}, openings)

    def may_have(self, word: str) -> bool:
        """Tell whether a word may be of a term, before its stem is known."""
        return self.openings is None or _opening(word) in self.openings


def _opening(word: str) -> str:
    return _folded(word[:_OPENING])


@lru_cache(maxsize=50_000)  # so many beginnings of words there are
def _folded(letters: str) -> str:
    return fold(letters)


#: Letters by which a word is passed over.
_OPENING = 3
_NO_TERM = ("", False)


def _terms(
    article: ArchivedArticle, wanted: _Wanted | None = None
) -> Iterator[tuple[str, tuple[int, Sequence[str]]]]:
    """Yield each term: the stems of its words; the words before it, and its own as written.

    Those ``wanted`` if given, else all.
    """
    language = article.article.language
    before = 0
    for part in _BREAK.split(f"{article.article.title}\n{article.article.text}"):
        real = words(part)
        read = [
            _read(word, language) if wanted is None or wanted.may_have(word) else _NO_TERM
            for word in real
        ]
        for start, (_, may_begin) in enumerate(read):
            if may_begin:
                for term, end in _beginning_at(start, read, wanted):
                    yield term, (before + start, real[start:end])
        before += len(real)


def _beginning_at(
    start: int, read: Sequence[tuple[str, bool]], wanted: _Wanted | None
) -> Iterator[tuple[str, int]]:
    """Yield the terms that begin at a word, and where they end."""
    term = ""
    for end, (one, may_end) in enumerate(read[start : start + LONGEST_TERM], start + 1):
        term = f"{term} {one}" if term else one
        if wanted is not None and term not in wanted.beginnings:
            break
        if may_end and (wanted is None or wanted.beginnings[term]):
            yield term, end


@lru_cache(maxsize=100_000)  # as of `stem`
def _read(word: str, language: str | None) -> tuple[str, bool]:
    """Return the stem of a word, and whether a term may begin or end with it."""
    folded = fold(word)
    is_telling = (
        len(folded) >= _SHORTEST_WORD
        and not folded[0].isdecimal()
        and folded not in _FURNITURE
        and folded not in STOP_WORDS.get(language or "", frozenset())
    )
    return stem(word, language), is_telling


def _stems(term: str, language: str | None) -> str:
    return " ".join(stem(word, language) for word in words(term))


# --- candidates ------------------------------------------------------------


def _candidates(week: TermCounts, baseline: TermCounts) -> Iterator[_Candidate]:
    yield from _term_candidates(week, baseline)
    yield from _entities(week, baseline)


def _term_candidates(week: TermCounts, baseline: TermCounts) -> Iterator[_Candidate]:
    """Yield the terms of the week, each in one language: that with most texts."""
    by_term: dict[str, _Candidate] = {}
    for language, terms in week.terms.items():
        others = baseline.terms.get(language, {})
        sizes = week.texts[language], baseline.texts.get(language, 0)
        for term, texts in terms.items():
            value = keyness(texts, sizes[0], others.get(term, 0), sizes[1])
            held = by_term.get(term)
            if value > 0 and (held is None or texts > held.texts):
                by_term[term] = _Candidate(_Key(term, language), texts, value)
    yield from by_term.values()


def _entities(week: TermCounts, baseline: TermCounts) -> Iterator[_Candidate]:
    """Yield the entities that the week names."""
    by_entity: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for language, entities in week.entities.items():
        others = baseline.entities.get(language, {})
        sizes = week.texts[language], baseline.texts.get(language, 0)
        for entity, texts in entities.items():
            value = keyness(texts, sizes[0], others.get(entity, 0), sizes[1])
            by_entity[entity].append((texts, value))
    for entity, found in by_entity.items():
        texts, values = (sum(column) for column in zip(*found, strict=True))
        yield _Candidate(_Key(entity, None, is_entity=True), int(texts), values)


# --- how the week uses them ------------------------------------------------


def _uses(sample: Iterable[ArchivedArticle], candidates: Collection[_Key]) -> _Uses:
    """Return what the texts of the sample have of the candidates."""
    found: defaultdict[_Key, _Use] = defaultdict(_Use)
    terms: dict[str | None, list[str]] = defaultdict(list)
    for key in candidates:
        if not key.is_entity:
            terms[key.language].append(key.term)
    wanted = {language: _Wanted.of(listed) for language, listed in terms.items()}
    for article in sample:
        sought = wanted.get(article.article.language, _Wanted({}))
        for key, (places, first) in _places(article, candidates, sought, found).items():
            found[key].texts += 1
            found[key].places += places
            found[key].prominence += log2(1 + places) / log(_HEADLINE + first)
    return found


def _places(
    article: ArchivedArticle,
    candidates: Container[_Key],
    wanted: _Wanted,
    uses: Mapping[_Key, _Use],
) -> dict[_Key, tuple[int, int]]:
    """Return how often the article has each, and after how many words; note the forms."""
    language = article.article.language
    found: dict[_Key, tuple[int, int]] = {}
    for term, (before, real) in _terms(article, wanted):
        key = _Key(term, language)
        places, first = found.get(key, (0, before))
        found[key] = places + 1, first
        uses[key].note(" ".join(real), language, term.split())
    for mention in article.entities:
        key = _Key(mention.entity_id, None, is_entity=True)
        if key in candidates:
            found[key] = mention.count, _words_before(mention.form, article)
            uses[key].note(mention.form, language, _stems(mention.form, language).split())
    return found


def _words_before(form: str, article: ArchivedArticle) -> int:
    told = f"{article.article.title}\n{article.article.text}"
    return len(told.partition(form)[0].split())


# --- choosing --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Candidates, the most telling and prominent first, and how their texts use them."""

    contenders: Sequence[_Candidate]
    uses: _Uses
    most: int

    @classmethod
    def of(
        cls,
        sample: Sequence[ArchivedArticle],
        candidates: Iterable[_Candidate],
        unwanted: Iterable[str],
        most: int,
    ) -> "_Ranking":
        """Rank the candidates that are neither ``unwanted`` nor names of the sample's outlets."""
        names = {*unwanted, *(article.source.name for article in sample)}
        languages = {article.article.language for article in sample}
        refused = {_Key(_stems(name, one), one) for name in names for one in languages}
        wanted = [one for one in candidates if one.key not in refused]
        return cls((), _uses(sample, {one.key for one in wanted}), most).again(wanted)

    def again(self, candidates: Iterable[_Candidate]) -> "_Ranking":
        """Rank others of the same uses."""
        # Rounded: a sum of floats goes by the order of the articles in its last digits.
        ranked = sorted(
            candidates, key=lambda one: (-round(self._rank(one), 9), -one.texts, one.key.term)
        )
        return replace(self, contenders=ranked[: _CONTENDERS * self.most])

    def _rank(self, candidate: _Candidate) -> float:
        use = self.uses[candidate.key]
        mean = use.prominence / use.texts
        longer = 0 if candidate.key.is_entity else candidate.key.term.count(" ")
        return sqrt(candidate.keyness) * mean * _LONGER**longer

    def chosen(self) -> list[_Candidate]:
        """Choose in order, leaving out what says again what a chosen term says."""
        absorbed = _absorbed(self.contenders, self.uses)
        found: list[_Candidate] = []
        for one in self.contenders:
            if len(found) == self.most:
                break
            repeats = any(_overlap(self.uses[one.key], self.uses[o.key]) for o in found)
            if one.key not in absorbed and not repeats:
                found.append(one)
        return found

    def keyword(self, candidate: _Candidate) -> Keyword:
        """Return it in the language and the form in which its texts have it most."""
        by_language: dict[str | None, Counter[str]] = defaultdict(Counter)
        for (form, language), times in self.uses[candidate.key].forms.items():
            by_language[language][form] += times
        language = max(by_language, key=lambda one: (by_language[one].total(), one or ""))
        return Keyword(
            term=usual_form(by_language[language]),
            language=language,
            articles=candidate.texts,
            keyness=candidate.keyness,
        )


def _absorbed(contenders: Iterable[_Candidate], uses: _Uses) -> set[_Key]:
    """Return those that stand nearly always within one longer term or name."""
    found: set[_Key] = set()
    by_key = {one.key: one for one in contenders}
    for longer in by_key:
        if longer.is_entity:
            within = [key for key in by_key if _is_named(key, longer, uses)]
        else:
            within = [_Key(part, longer.language) for part in _parts(longer.term)]
        found.update(
            key
            for key in within
            if key in by_key and uses[longer].places >= uses[key].places * _ABSORBED
        )
    return found


def _is_named(key: _Key, entity: _Key, uses: _Uses) -> bool:
    """Tell whether all words of a term are of the entity's names in its language."""
    return not key.is_entity and uses[key].words <= uses[entity].words


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


def _overlap(a: _Use, b: _Use) -> bool:
    """One within the other, or two words in common."""
    return len(a.words & b.words) >= min(2, len(a.words), len(b.words))
