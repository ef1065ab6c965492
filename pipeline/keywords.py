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
from itertools import takewhile
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
_SAMPLE = 200
#: Share of its language's texts in which a word of the week stands.
_LEAST_SHARE = 0.01
#: Letters; "az" and "AI" are words, a single letter is an initial or an ending.
_SHORTEST_WORD = 2

#: Letters by which a search may stand for any ending.
_LEAST_BEGINNING = 3

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

    def texts_with(self, key: "_Key") -> int:
        """Return in how many texts a term stands in its language, or an entity in all."""
        if key.is_entity:
            return sum(found.get(key.term, 0) for found in self.entities.values())
        return self.terms.get(key.language, {}).get(key.term, 0)


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


def find_keywords(
    week: Sequence[ArchivedArticle],
    baseline: Sequence[ArchivedArticle] | TermCounts,
    *,
    most: int = 20,
    least_texts: int = LEAST_TEXTS,
    least_keyness: float = LEAST_KEYNESS,
) -> tuple[Keyword, ...]:
    """Return the ``most`` telling terms of ``week`` against ``baseline``, telling first.

    The names of the week's outlets are none, nor is a term of less than ``least_texts`` or
    ``least_keyness``.
    """
    here = _Corpus.of(week)
    there = baseline if isinstance(baseline, TermCounts) else _Corpus.of(baseline).counts
    risen = _rank(here, there, most, least_texts=least_texts, least_keyness=least_keyness)
    if here.is_sampled:
        risen = risen.again(_recounted(risen.contenders, here.texts, risen.uses), there)
    return tuple(map(risen.keyword, risen.chosen()))


def compare_terms(
    week: Sequence[ArchivedArticle],
    baseline: Sequence[ArchivedArticle],
    *,
    most: int = 20,
    fallen: int = 10,
) -> tuple[Keyword, ...]:
    """Return the keywords of ``week``, then the ``fallen`` most telling of what it lacks.

    The latter are the terms of ``baseline`` that the week has less or not at all: their
    keyness is negative, and their ``articles`` are still those of the week.
    """
    if not week or not baseline:
        return ()
    here, there = _Corpus.of(week), _Corpus.of(baseline)
    risen = _rank(here, there.counts, most)
    gone = _rank(there, here.counts, fallen)
    counts = here.counts
    if here.is_sampled:
        wanted = [*risen.contenders, *gone.contenders]
        counts = _recounted(wanted, here.texts, {**gone.uses, **risen.uses})
        risen = risen.again(counts, there.counts)
        gone = gone.again(there.counts, counts)
    lacking = (
        replace(gone.keyword(one), articles=counts.texts_with(one.key), keyness=-one.keyness)
        for one in gone.chosen()
    )
    return (*map(risen.keyword, risen.chosen()), *lacking)


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Distinct texts, and the terms of some of them."""

    texts: Sequence[ArchivedArticle]
    sample: Sequence[ArchivedArticle]  # `_SAMPLE` of each language at most, at even distances
    counts: TermCounts  # of the sample

    @classmethod
    def of(cls, articles: Iterable[ArchivedArticle]) -> "_Corpus":
        """Gather distinct texts, and count the terms of the sample."""
        texts = _distinct(articles)
        by_language = _by_language(texts).values()
        sample = [one for found in by_language for one in _evenly(found, _SAMPLE)]
        return cls(texts, sample, _counted(sample, None))

    @property
    def is_sampled(self) -> bool:
        """Whether the counts are not of all texts."""
        return len(self.sample) < len(self.texts)


def _rank(
    here: _Corpus,
    there: TermCounts,
    most: int,
    *,
    least_texts: int = LEAST_TEXTS,
    least_keyness: float = LEAST_KEYNESS,
) -> "_Ranking":
    """Rank the terms that stand out ``here``, the names of the outlets aside."""
    names = {article.source.name for article in here.sample}
    languages = here.counts.texts
    refused = {_Key(_stems(name, one), one) for name in names for one in languages}
    found = {
        one.key: one
        for one in _candidates(_frequent(here.counts, least_texts), there)
        if one.keyness >= least_keyness
        and one.texts >= least_texts
        and refused.isdisjoint(_within(one.key))
    }
    return _Ranking.of(found.values(), _uses(here.sample, found), most, least_keyness)


# --- counting --------------------------------------------------------------


def count_terms(articles: Iterable[ArchivedArticle]) -> TermCounts:
    """Count the terms of distinct texts, and the entities that they name."""
    return _counted(_distinct(articles), None)


def _counted(
    texts: Iterable[ArchivedArticle], wanted: Mapping[str | None, "_Wanted"] | None
) -> TermCounts:
    by_language = _by_language(texts)
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


def _by_language(texts: Iterable[ArchivedArticle]) -> dict[str | None, list[ArchivedArticle]]:
    found: dict[str | None, list[ArchivedArticle]] = defaultdict(list)
    for article in texts:
        found[article.article.language].append(article)
    return found


def _evenly(articles: Sequence[ArchivedArticle], most: int) -> Sequence[ArchivedArticle]:
    """Return all, or one in so many that they are not more than ``most``."""
    return articles[:: -(-len(articles) // most)]


def _within(key: _Key) -> Iterator[_Key]:
    """Yield a term and the shorter ones in it."""
    yield key
    yield from (_Key(part, key.language) for part in _parts(key.term))


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
        texts, {language: _Wanted(found, forms[language]) for language, found in terms.items()}
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

    terms = _Terms(articles[0].article.language, wanted)
    found = ({term for term, _ in terms.of(article)} for article in articles)
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


class _Wanted:
    """Terms of a language that are looked for, and what lets others be passed over quickly."""

    def __init__(self, terms: Iterable[str], forms: Iterable[str] | None = None) -> None:
        """Look for ``terms``: in these forms only, if they are given."""
        whole = set(terms)
        parts = (term.split()[:length] for term in whole for length in range(1, LONGEST_TERM))
        #: The terms, and what they begin with; whether it is a term itself.
        self.beginnings = dict.fromkeys(map(" ".join, parts), False) | dict.fromkeys(whole, True)
        self._stems = {one for term in whole for one in term.split()}
        self._openings = (
            None
            if forms is None
            else frozenset(_opening(word) for form in forms for word in words(form))
        )

    def may_have(self, word: str) -> bool:
        """Tell whether a word may be of a term, before its stem is known."""
        return self._openings is None or _opening(word) in self._openings

    def has(self, one: str) -> bool:
        """Tell whether a term has a word with this stem."""
        return one in self._stems


#: Letters by which a word is passed over: to stem it would take ten times as long.
_OPENING = 3


def _opening(word: str) -> str:
    return fold(word[:_OPENING])


_Read = tuple[str, bool]


class _Reader(dict[str, _Read | None]):
    """Each word of a language as it is read: see `_read`; None if no term wanted has it.

    A dictionary that fills itself: most words of a text were met before, and to look
    them up so is all that is done for each.
    """

    def __init__(self, language: str | None, wanted: _Wanted | None) -> None:
        super().__init__()
        self._language, self._wanted = language, wanted

    def __missing__(self, word: str) -> _Read | None:
        found = self[word] = self._read(word)
        return found

    def _read(self, word: str) -> _Read | None:
        wanted = self._wanted
        if wanted is not None and not wanted.may_have(word):
            return None
        read = _read(word, self._language)
        return read if wanted is None or wanted.has(read[0]) else None


_Term = tuple[str, tuple[int, Sequence[str]]]


class _Terms:
    """Finds the terms of texts in one language: those wanted if given, else all."""

    def __init__(self, language: str | None, wanted: _Wanted | None = None) -> None:
        self._reader = _Reader(language, wanted)
        self._beginnings = None if wanted is None else wanted.beginnings

    def of(self, article: ArchivedArticle) -> Iterator[_Term]:
        """Yield each term: the stems of its words; the words before it, and its own as written."""
        before = 0
        for part in _BREAK.split(f"{article.article.title}\n{article.article.text}"):
            real = words(part)
            read = [*map(self._reader.__getitem__, real)]
            if any(read):
                for start, one in enumerate(read):
                    if one is not None and one[1]:
                        for term, end in self._beginning_at(start, read):
                            yield term, (before + start, real[start:end])
            before += len(real)

    def _beginning_at(self, start: int, read: Sequence[_Read | None]) -> Iterator[tuple[str, int]]:
        """Yield the terms that begin at a word, and where they end."""
        term = ""
        for end, one in enumerate(read[start : start + LONGEST_TERM], start + 1):
            if one is None:
                break
            term = f"{term} {one[0]}" if term else one[0]
            if self._beginnings is not None and term not in self._beginnings:
                break
            if one[1] and (self._beginnings is None or self._beginnings[term]):
                yield term, end


@lru_cache(maxsize=100_000)  # as of `stem`
def _read(word: str, language: str | None) -> _Read:
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
    wanted = {language: _Terms(language, _Wanted(listed)) for language, listed in terms.items()}
    none = _Terms(None, _Wanted(()))
    for article in sample:
        sought = wanted.get(article.article.language, none)
        for key, (places, first) in _places(article, candidates, sought, found).items():
            found[key].texts += 1
            found[key].places += places
            found[key].prominence += log2(1 + places) / log(_HEADLINE + first)
    return found


def _places(
    article: ArchivedArticle,
    candidates: Container[_Key],
    wanted: _Terms,
    uses: Mapping[_Key, _Use],
) -> dict[_Key, tuple[int, int]]:
    """Return how often the article has each, and after how many words; note the forms."""
    language = article.article.language
    found: dict[_Key, tuple[int, int]] = {}
    for term, (before, real) in wanted.of(article):
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
    least: float  # keyness

    @classmethod
    def of(
        cls, candidates: Iterable[_Candidate], uses: _Uses, most: int, least: float
    ) -> "_Ranking":
        """Rank the candidates; the first of them contend."""

        def order(one: _Candidate) -> tuple[float, int, str]:
            # Rounded: a sum of floats goes by the order of the articles in its last digits.
            return -round(_worth(one, uses[one.key]), 9), -one.texts, one.key.term

        return cls(sorted(candidates, key=order)[: _CONTENDERS * most], uses, most, least)

    def again(self, here: TermCounts, there: TermCounts) -> "_Ranking":
        """Rank the contenders by other counts."""
        terms: dict[str | None, dict[str, int]] = defaultdict(dict)
        for one in self.contenders:
            if not one.key.is_entity:
                terms[one.key.language][one.key.term] = here.texts_with(one.key)
        keys = {one.key for one in self.contenders}
        found = [
            one
            for one in _candidates(replace(here, terms=terms), there)
            if one.key in keys and one.keyness >= self.least
        ]
        return _Ranking.of(found, self.uses, self.most, self.least)

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
            search=_search(by_language[language]),
        )


def _search(forms: Mapping[str, int]) -> str:
    """Return the query that finds the articles with any of the forms.

    >>> _search({"Həmrəylik forumu": 2, "həmrəyliyin forumu": 1}), _search({"nar": 2, "narı": 1})
    ('həmrəyli* foru*', 'nar*')
    """
    usual = usual_form(forms).split()
    alike = [form.split() for form in forms if len(form.split()) == len(usual)]
    return " ".join(_beginning(place) for place in zip(*alike, strict=True))


def _beginning(forms: Sequence[str]) -> str:
    """Return what all forms of a word begin with, for any ending if that is long enough."""
    lowered = [form.replace("İ", "i").lower() for form in forms]
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*lowered, strict=False))
    common = "".join(letters[0] for letters in alike)
    if len(common) < _LEAST_BEGINNING:
        return lowered[0]
    if len(set(lowered)) == 1:  # another form is likely to come with another text
        common = common[: max(_LEAST_BEGINNING, len(common) - 2)]
    return f"{common}*"


def _worth(candidate: _Candidate, use: _Use) -> float:
    mean = use.prominence / use.texts
    longer = 0 if candidate.key.is_entity else candidate.key.term.count(" ")
    return sqrt(candidate.keyness) * mean * _LONGER**longer


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
