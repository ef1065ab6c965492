"""Which groups of copies tell one event.

Within a language: how like two groups are is the mean of two likenesses of their words,
inflected forms counted as one and rare words weighing more: the cosine of title (twice)
and opening, and how much of each title stands in the other text. The second knows that
a headline says what the event is; the first that a short headline says too little. The
same thing happens in many towns, and is told in the same words: where names and numbers
differ, the words count for a third. Headlines that differ in their numbers only are a
column that comes back ("Weather on 8 November"), not one event.

Every article of the week says what day it is: the words of the holiday's own names (they
stand in the evidence of relevance) and words that half of the week uses are left out,
or the whole week would be one story; they only join texts that are nearly equal and
name the same. Linking by chains was rejected for the same reason: the best covered group
of a story is its *seed*, and who is not like the seed is not of the story.

Greetings: hundreds of offices send them, each a text of its own in the same few formulas,
and rare words (who greets whom) are the very ones that differ. What greets in its
headline is compared by its formulas instead: all words weigh the same, names and numbers
do not count, and chains are right, since all greetings of a week are one story.

Across languages: two stories tell one event if a page of one declares a page of the
other as its translation; or if they were first told within days, share names, numbers,
entities of the titles or a picture, each counting the less the more stories of a
language have it, and each is clearly the other's best partner in that language. Names
are compared by their consonants in Latin letters (Берлине, Berlin → brln); in scripts
without capitals any word may be one. It misses more than it joins wrongly, on purpose:
a story told twice is a smaller fault than two events made one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import chain, combinations
from typing import Any

from pipeline.inflection import stem
from pipeline.model import ArchivedArticle, DuplicateGroup, Story
from pipeline.stopwords import STOP_WORDS
from pipeline.text import fold, sentences, words
from pipeline.urls import normalize_url

#: Likeness from which a group tells the seed's event: in the range, 0.26 to 0.36, in which
#: F1 is .85 to .88 on pairs of Russian and English news judged by people.
STORY_SIMILARITY = 0.32
#: Characters of the opening that are compared, about 75 words: further down stands
#: background. From 500 to 700 the range above is about the same.
_OPENING = 600
#: How like the names and numbers of two texts must be for their words to count in full, and
#: what they count where no name is common: a school opens in many towns in the same words.
_NAMED_ALIKE = 0.3
_NAMED_OTHERWISE = 0.3
#: With fewer names and numbers a text says too little of where and who.
_LEAST_NAMES = 3
#: Likeness, all words weighing the same, from which two texts say the same although half
#: of the week says it.
_NEAR_EQUAL = 0.7
#: … and from which two greetings are made of the same formulas.
_GREETING = 0.35
#: Share of a week's groups from which a word says nothing about one event …
_COMMON_SHARE = 0.5
#: … but never a word of so few groups: a week may have one event only.
_COMMON_LEAST = 5
#: Rows of the similarity matrix held at once: 10,000 groups then need below 200 MB.
_ROWS = 500

#: Marks that two stories must share across languages, each of one story per language …
_LEAST_SHARED = 2.7
#: … and how many times as many as with the next in that language.
_CLEARLY = 1.25
#: Groups of a story that are read for marks, the best covered.
_READ_FOR_MARKS = 5
#: A number is the same in all languages, a name only sounds alike.
_NUMBER_WEIGHT = 1.3
#: A picture is chosen for the event, but archives lend one to many.
_IMAGE_WEIGHT = 2.0
#: Stories of one language from which a mark says nothing.
_MOST_STORIES = 4
#: A translation appears at once, or it is another event with the same guests.
_TRANSLATION_SPAN = timedelta(days=3)

_Groups = Sequence[DuplicateGroup]


def tell_stories(groups: Iterable[DuplicateGroup]) -> tuple[Story, ...]:
    """Join the groups of a week that tell one event; each is in exactly one story.

    The stories with most articles come first, of equal ones the first told. The order
    in which the groups are given makes no difference.
    """
    by_language: dict[str | None, list[DuplicateGroup]] = defaultdict(list)
    for group in sorted(groups, key=_by_coverage):
        by_language[_language([group])].append(group)
    told = [story for found in by_language.values() for story in _within_language(found)]
    stories = [
        Story(groups=tuple(sorted(joined, key=_by_coverage))) for joined in _across_languages(told)
    ]
    return tuple(sorted(stories, key=_by_articles))


def _by_coverage(group: DuplicateGroup) -> tuple[int, float, int]:
    first = group.representative
    return (-len(group.members), first.published_at.timestamp(), first.id)


def _by_articles(story: Story) -> tuple[int, float, int]:
    articles = story.articles
    return (-len(articles), articles[0].published_at.timestamp(), articles[0].id)


def _language(groups: _Groups) -> str | None:
    return groups[0].representative.article.language


# --- within a language -----------------------------------------------------


def _within_language(groups: _Groups) -> list[_Groups]:
    """Gather groups, given in order of coverage: greetings together, others round seeds."""
    greetings = [group for group in groups if _greets(group)]
    others = [group for group in groups if not _greets(group)]
    return [*_round_seeds(others), *_in_chains(greetings)]


def _round_seeds(groups: _Groups) -> list[_Groups]:
    """Join each group to the seed that it is most like; without one it is a seed."""
    articles = [group.representative for group in groups]
    columns = [_column(article.article.title) for article in articles]
    seeds: dict[int, list[DuplicateGroup]] = {}
    stems = _Stems(_language(groups) if groups else None)
    terms = [_terms(article, stems) for article in articles]
    for place, likeness in enumerate(_likenesses(terms)):
        known = {
            seed: value
            for seed, value in likeness.items()
            if seed in seeds and not _is_issue(columns[place], columns[seed])
        }
        # Of equally like seeds the better covered.
        seed = min(known, key=lambda earlier: (-known[earlier], earlier), default=place)
        seeds.setdefault(seed, []).append(groups[place])
    return list(seeds.values())


_DIGITS = re.compile(r"\d+")


def _column(title: str) -> tuple[str, str]:
    folded = fold(title)
    return _DIGITS.sub("0", folded), folded


def _is_issue(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two headlines differ, and in their numbers only."""
    return one[0] == other[0] and one[1] != other[1]


@dataclass(frozen=True, slots=True)
class _Terms:
    """The stems of an article that may tell its event from others."""

    title: Sequence[str]
    opening: Sequence[str]
    names: Sequence[str]  # of people and places, and numbers, of both
    first: Sequence[str]  # the first words of sentences, which may be names

    @property
    def all(self) -> list[str]:
        """The title's count twice."""
        return [*self.title, *self.title, *self.opening]


class _Stems(dict[str, str]):
    """The stem of each word of a language; empty for a function word.

    It fills itself: a week uses the same words again and again.
    """

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language
        self._stop_words = STOP_WORDS.get(language or "", frozenset())

    def __missing__(self, word: str) -> str:
        found = "" if fold(word) in self._stop_words else stem(word, self._language)
        self[word] = found
        return found

    def of(self, found: Iterable[str]) -> list[str]:
        """Return the stems of the words that are no function words."""
        return [one for one in map(self.__getitem__, found) if one]


def _terms(article: ArchivedArticle, stems: _Stems) -> _Terms:
    language = article.article.language
    evidence = (word for found in article.relevance.evidence for word in words(found.form))
    holiday = {stem(word, language) for word in evidence}
    title, opening = (
        [words(sentence) for sentence in sentences(text)]
        for text in (article.article.title, _opening(article))
    )
    names, first = _named((*title, *opening) if language not in _WITHOUT_CAPITALS else ())
    return _Terms(
        *(
            [one for one in stems.of(found) if one not in holiday]
            for found in (chain(*title), chain(*opening), names, first)
        )
    )


def _named(told: Iterable[Sequence[str]]) -> tuple[list[str], list[str]]:
    """Return names and numbers, and the words that have their capital from their place.

    ``told`` are sentences, each as its words.
    """
    names: list[str] = []
    first = []
    for sentence in told:
        first += [word for word in sentence[:1] if word[0].isupper()]
        names += [word for word in sentence[1:] if word[0].isdecimal() or word[0].isupper()]
        names += [word for word in sentence[:1] if word[0].isdecimal()]
    return names, first


def _opening(article: ArchivedArticle) -> str:
    """Return the beginning of the text, to the end of a word."""
    text = article.article.text
    return text if len(text) <= _OPENING else text[:_OPENING].rpartition(" ")[0]


def _likenesses(texts: Sequence[_Terms]) -> Iterator[Mapping[int, float]]:
    """Yield for each text those before it that are like it, by place, with how much."""
    counts = Counter(term for text in texts for term in set(text.all))
    most = max(_COMMON_LEAST, len(texts) * _COMMON_SHARE)
    telling = {term for term, count in counts.items() if count <= most}
    alike = _story_likenesses(texts, sorted(telling), least=STORY_SIMILARITY)
    if len(telling) == len(counts):
        yield from alike
        return
    names = [telling.intersection(found) for found in _names(texts)]
    near = _flat_likenesses([text.all for text in texts], _NEAR_EQUAL)
    for own, found, equal in zip(names, alike, near, strict=True):
        same = {other: like for other, like in equal.items() if _may_be_one(own, names[other])}
        yield {**found, **same}


def _may_be_one(names: Set[str], others: Set[str]) -> bool:
    """Tell whether two texts name the same, as far as they name anything."""
    return 2 * len(names & others) >= min(len(names), len(others))


def _names(texts: Sequence[_Terms]) -> list[list[str]]:
    """Return the names of each text; a first word is one if it is a name elsewhere."""
    known = {name for text in texts for name in text.names}
    return [[*text.names, *known.intersection(text.first)] for text in texts]


def _story_likenesses(
    texts: Sequence[_Terms], vocabulary: Sequence[str], *, least: float
) -> Iterator[Mapping[int, float]]:
    """Yield for each text those before it that are as like as ``least``, by place."""
    if not vocabulary:
        yield from ({} for _ in texts)
        return
    # Half a second to import: only for those who make a digest.
    import numpy as np  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    vectorizer = TfidfVectorizer(analyzer=_as_given, vocabulary=vocabulary, sublinear_tf=True)
    whole = vectorizer.fit_transform([text.all for text in texts])
    rows, columns = _word_matrices(vectorizer, whole, texts)
    named = _names(texts)
    names: Any = vectorizer.transform(named)
    unnamed = np.array([len(set(found)) < _LEAST_NAMES for found in named])
    for start in range(0, len(texts), _ROWS):
        here, before = slice(start, start + _ROWS), slice(0, start + _ROWS)
        block = (rows[here] @ columns[before].T).tocoo()
        alike = (names[here] @ names[before].T).tocsr()
        shared = np.asarray(alike[block.row, block.col]).ravel()
        factor = np.minimum(1, shared / _NAMED_ALIKE) * (1 - _NAMED_OTHERWISE) + _NAMED_OTHERWISE
        factor[unnamed[here][block.row] | unnamed[before][block.col]] = 1
        block.data *= factor
        yield from _reached(block.tocsr(), start, least)


def _word_matrices(vectorizer: Any, whole: Any, texts: Sequence[_Terms]) -> tuple[Any, Any]:
    """Return two matrices whose product is the likeness of the words of all texts.

    It is half of the cosine, and a quarter of what each title finds in the other text.
    """
    # As above.
    from scipy.sparse import hstack  # noqa: PLC0415
    from sklearn.preprocessing import normalize  # noqa: PLC0415

    titles = vectorizer.transform([text.title for text in texts])
    titles.data = vectorizer.idf_[titles.indices]
    shares = normalize(titles, norm="l1")
    has = whole.astype(bool).astype(float)
    rows = hstack([whole / 2, shares / 4, has / 4], format="csr")
    return rows, hstack([whole, has, shares], format="csr")


def _flat_likenesses(texts: Sequence[Sequence[str]], least: float) -> Iterator[Mapping[int, float]]:
    """Yield the cosines of ``least`` or more, all words weighing the same."""
    vocabulary = sorted({term for text in texts for term in text})
    if not vocabulary:
        yield from ({} for _ in texts)
        return
    # As above.
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    vectorizer = TfidfVectorizer(
        analyzer=_as_given, vocabulary=vocabulary, sublinear_tf=True, use_idf=False
    )
    vectors: Any = vectorizer.fit_transform(texts)
    yield from _products(vectors, least)


def _products(vectors: Any, least: float) -> Iterator[Mapping[int, float]]:
    """Yield for each vector its products with those before it, from ``least`` on."""
    for start in range(0, vectors.shape[0], _ROWS):
        yield from _reached(
            (vectors[start : start + _ROWS] @ vectors[: start + _ROWS].T).tocsr(), start, least
        )


def _reached(block: Any, start: int, least: float) -> Iterator[Mapping[int, float]]:
    """Yield what reaches ``least`` in each row of a block that begins at ``start``."""
    block.data[block.data < least] = 0
    block.eliminate_zeros()
    for row in range(block.shape[0]):
        own = slice(block.indptr[row], block.indptr[row + 1])
        pairs = zip(block.indices[own].tolist(), block.data[own].tolist(), strict=True)
        yield {place: value for place, value in pairs if place < start + row}


def _as_given(terms: Sequence[str]) -> Sequence[str]:
    return terms


# --- greetings -------------------------------------------------------------

#: What a headline greets with, in any of our languages, in the match form.
_GREETING_WORDS = re.compile(
    r"\b(?:tebrik|mubarek|kutlama mesaj|kutlu ols|поздрав|с праздник|с днем|вітання|вітає|привіта"
    r"|з днем|greet|congratulat|happy|felicit|bonne fete|gluckwunsch|gratul|feliz|تبریک|مبارک"
    r"|تهن|მილოც|ულოცავ)"
)


def _greets(group: DuplicateGroup) -> bool:
    return bool(_GREETING_WORDS.search(fold(group.representative.article.title)))


def _in_chains(groups: _Groups) -> list[_Groups]:
    """Join greetings that are made of the same formulas, one with the next."""
    stems = _Stems(_language(groups) if groups else None)
    texts = [_formulas(group.representative, stems) for group in groups]
    likenesses = enumerate(_flat_likenesses(texts, _GREETING))
    links = [(earlier, place) for place, found in likenesses for earlier in found]
    return [[groups[place] for place in joined] for joined in _connected(len(groups), links)]


def _connected(count: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the places 0 to ``count`` that links connect, in order of the first."""
    heads = list(range(count))

    def head(place: int) -> int:
        while heads[place] != place:
            heads[place] = place = heads[heads[place]]
        return place

    for one, other in links:
        first, second = sorted((head(one), head(other)))
        heads[second] = first
    joined: dict[int, list[int]] = defaultdict(list)
    for place in range(count):
        joined[head(place)].append(place)
    return list(joined.values())


def _formulas(article: ArchivedArticle, stems: _Stems) -> list[str]:
    """Return the stems of title and opening without names and numbers."""
    text = f"{article.article.title}\n{_opening(article)}"
    found = [
        word
        for sentence in sentences(text)
        for place, word in enumerate(words(sentence))
        if word[0].isalpha() and not (place and word[0].isupper())
    ]
    return stems.of(found)


# --- across languages ------------------------------------------------------

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:[.,٫]\d+)*")
#: Years, days of a month and small counts are shared by chance.
_COMMON_NUMBER = re.compile(r"(?:19|20)\d\d|[012]?\d|3[01]")
#: Consonants of a name: fewer fit too many names, more differ by endings.
_LEAST_CONSONANTS = 3
_MOST_CONSONANTS = 4
#: One letter for a sound, whatever the alphabet; vowels fall away. Longest first.
_SOUNDS = {
    "tsch": "c", "sch": "s", "dzh": "c", "дж": "c", "sh": "s", "ch": "c", "kh": "h", "gh": "g",
    "zh": "j", "z": "s", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ж": "j", "з": "s",
    "к": "k",
    "л": "l", "м": "m", "н": "n", "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "h",
    "ц": "s", "ч": "c", "ш": "s", "щ": "s", "q": "g", "w": "v", "x": "h",
    "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "c", "چ": "c", "ح": "h", "خ": "h", "د": "d",
    "ذ": "s", "ر": "r", "ز": "s", "ژ": "j", "س": "s", "ش": "s", "ص": "s", "ض": "s", "ط": "t",
    "ظ": "s", "غ": "g", "ف": "f", "ق": "g", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n",
    "ه": "h", "ბ": "b", "გ": "g", "დ": "d", "ვ": "v", "ზ": "s", "თ": "t", "კ": "k", "ლ": "l",
    "მ": "m", "ნ": "n", "პ": "p", "ჟ": "j", "რ": "r", "ს": "s", "ტ": "t", "ფ": "f", "ქ": "k",
    "ღ": "g", "ყ": "g", "შ": "s", "ჩ": "c", "ც": "s", "ძ": "s", "წ": "s", "ჭ": "c", "ხ": "h",
    "ჯ": "c", "ჰ": "h",
}  # fmt: skip
_SOUNDS_OF_LETTERS = {letters: sound for letters, sound in _SOUNDS.items() if len(letters) > 1}
_SOUND_OF_LETTER = str.maketrans({one: s for one, s in _SOUNDS.items() if len(one) == 1})
_WITHOUT_CAPITALS = ("fa", "ar", "ka")
_NO_CONSONANT = re.compile("[^bcdfghjklmnprstv]")
_DOUBLED = re.compile(r"(.)\1+")


def _across_languages(told: Sequence[_Groups]) -> list[list[DuplicateGroup]]:
    """Join stories of different languages that are translations or best partners."""
    links = (*_declared(told), *_mutual_partners(told))
    return [
        [group for place in joined for group in told[place]]
        for joined in _connected(len(told), links)
    ]


def _declared(told: Sequence[_Groups]) -> Iterator[tuple[int, int]]:
    """Yield the stories of which a page of one declares a page of the other as translation."""
    pages = [
        (place, member.article)
        for place, groups in enumerate(told)
        for group in groups
        for member in group.members
    ]
    if not any(article.alternates for _, article in pages):
        return
    places = {}
    for place, article in pages:
        for url in (article.url, article.canonical_url):
            places[_filed(url)] = place
    for place, article in pages:
        for alternate in article.alternates:
            other = places.get(_filed(alternate.url), place)
            if alternate.url and other != place:
                yield place, other


def _filed(url: str | None) -> str:
    """Return the spelling under which an address is filed; empty if it is none."""
    try:
        return normalize_url(url or "")
    except ValueError:
        return ""


def _mutual_partners(told: Sequence[_Groups]) -> Iterator[tuple[int, int]]:
    best = _best_partners(told)
    for place, partners in enumerate(best):
        for other in partners.values():
            if other < place and best[other].get(_language(told[place])) == place:
                yield other, place


def _best_partners(told: Sequence[_Groups]) -> list[dict[str | None, int]]:
    """Return for each story its one likely partner in each other language, by place."""
    best: list[dict[str | None, int]] = [{} for _ in told]
    for place, others in enumerate(_shared(told)):
        by_language: dict[str | None, list[tuple[float, int]]] = defaultdict(list)
        for other, weight in others.items():
            if weight >= _LEAST_SHARED and _at_one_time(told[place], told[other]):
                by_language[_language(told[other])].append((weight, other))
        for language, found in by_language.items():
            (weight, partner), *rest = sorted(found, reverse=True)
            if not rest or weight >= rest[0][0] * _CLEARLY:
                best[place][language] = partner
    return best


def _shared(told: Sequence[_Groups]) -> list[dict[int, float]]:
    """Return for each story those of other languages with which it shares marks: how much."""
    marks = [_marks_of_story(groups) for groups in told]
    places: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(marks):
        for mark in sorted(found):
            places[mark].append(place)
    weights: list[dict[int, float]] = [defaultdict(float) for _ in told]
    languages = [_language(groups) for groups in told]
    for mark, bearers in places.items():
        weight = _weight(mark, [languages[place] for place in bearers])
        for one, other in combinations(bearers, 2) if weight else ():
            # A word that may be a name agrees with a name, not with its like.
            is_sure = marks[one][mark] or marks[other][mark]
            if is_sure and languages[one] != languages[other]:
                weights[one][other] += weight
                weights[other][one] += weight
    return weights


def _weight(mark: str, languages: Sequence[str | None]) -> float:
    """Return how much a mark says that stories in these languages have."""
    most = max(Counter(languages).values())
    if most == len(languages) or most > _MOST_STORIES:
        return 0.0
    return (_IMAGE_WEIGHT if "/" in mark else _NUMBER_WEIGHT if mark[0].isdecimal() else 1.0) / most


def _at_one_time(a: _Groups, b: _Groups) -> bool:
    first, second = (
        min(group.representative.published_at for group in groups) for groups in (a, b)
    )
    return abs(first - second) <= _TRANSLATION_SPAN


def _marks_of_story(groups: _Groups) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for group in groups[:_READ_FOR_MARKS]:
        for mark, is_sure in _marks(group.representative).items():
            found[mark] = found.get(mark, False) or is_sure
    return found


def _marks(article: ArchivedArticle) -> dict[str, bool]:
    """Return what an article may share with one in another language, and whether it is sure.

    Sure are numbers, the picture, known entities and what has a capital within a sentence.
    The first word has its capital from its place, and some scripts have none.
    """
    language = article.article.language
    names, others, numbers = set[str](), set[str](), set[str]()
    for sentence in sentences(f"{article.article.title}\n{article.article.text}"):
        found = words(sentence)
        names.update([word for word in found[1:] if word[0].isupper()])
        others.update(found if language in _WITHOUT_CAPITALS else found[:1])
        if _DIGIT.search(sentence):
            numbers |= _numbers(fold(sentence))
    may_be = [mark for mark in map(_consonants, others) if len(mark) == _MOST_CONSONANTS]
    marks = dict.fromkeys(may_be, False)
    marks |= dict.fromkeys((*map(_consonants, names), *numbers), True)
    # Those of the text are the background of every second article.
    marks |= {f"entity {one.entity_id}": True for one in article.entities if one.in_title}
    if article.article.image:
        marks[_filed(article.article.image.url)] = True
    holiday = {
        _consonants(word) for found in article.relevance.evidence for word in words(found.form)
    }
    return {mark: is_sure for mark, is_sure in marks.items() if mark and mark not in holiday}


def _numbers(folded: str) -> set[str]:
    found = (re.sub("[,٫]", ".", number) for number in _NUMBER.findall(folded))
    return {number for number in found if not _COMMON_NUMBER.fullmatch(number)}


@lru_cache(maxsize=100_000)
def _consonants(name: str) -> str:
    """Return the first consonants of a name; empty if they are too few.

    >>> _consonants("Берлине"), _consonants("Berlin"), _consonants("Баку")
    ('brln', 'brln', '')
    """
    name = fold(name)
    for letters, sound in _SOUNDS_OF_LETTERS.items():
        name = name.replace(letters, sound)
    name = name.translate(_SOUND_OF_LETTER)
    found = _DOUBLED.sub(r"\1", _NO_CONSONANT.sub("", name))[:_MOST_CONSONANTS]
    return found if len(found) >= _LEAST_CONSONANTS else ""
