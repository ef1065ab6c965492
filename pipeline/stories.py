"""Which groups of copies tell one event.

Within a language: the title (twice) and the opening of a text as TF-IDF of words cut to
their first letters, which takes the endings off az, tr and ru without a stemmer. Every
article of the week says what day it is: the words of the holiday's own names (they
stand in the evidence of relevance) and words that half of the week uses are left out,
or the whole week would be one story; they only join texts that are nearly equal.
Linking by chains was rejected for the same reason: the best covered group of a story is
its *seed*, and who is not like the seed is not of the story.

Across languages: two stories tell one event if they were first told within days and
share rare numbers and names, compared by their consonants in Latin letters (Берлине,
Berlin → brln), and if each is the other's best partner in that language. Rare means in
one story per language. It misses more than it finds, on purpose: a story told twice is
a smaller fault than two events made one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pipeline.model import ArchivedArticle, DuplicateGroup, Story
from pipeline.stopwords import STOP_WORDS
from pipeline.text import fold, sentences, words

#: Cosine similarity from which a group tells the seed's event: F1 .83 on pairs of
#: Russian and English news judged by people, where 0.20 gives .80 and 0.35 .80.
STORY_SIMILARITY = 0.28
#: Words of the opening that are compared: further down stands background.
_OPENING = 45
#: Cosine similarity, all words weighing the same, from which two texts say the same:
#: hundreds of greetings that differ by the sender may be more than half of a week.
_NEAR_EQUAL = 0.7
#: Letters of a word that are compared.
_STEM = 6
#: Share of a week's groups from which a word says nothing about one event …
_COMMON_SHARE = 0.5
#: … but never a word of so few groups: a week may have one event only.
_COMMON_LEAST = 5
#: Rows of the similarity matrix held at once: 10,000 groups then need below 200 MB.
_ROWS = 500

#: Rare names and numbers that two stories must share across languages.
_LEAST_SHARED = 3
#: A translation appears at once, or it is another event with the same guests.
_TRANSLATION_SPAN = timedelta(days=3)


def tell_stories(groups: Iterable[DuplicateGroup]) -> tuple[Story, ...]:
    """Join the groups of a week that tell one event; each is in exactly one story.

    The stories with most articles come first, of equal ones the first told. The order
    in which the groups are given makes no difference.
    """
    by_language: dict[str | None, list[DuplicateGroup]] = defaultdict(list)
    for group in sorted(groups, key=_by_coverage):
        by_language[group.representative.article.language].append(group)
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


# --- within a language -----------------------------------------------------


def _within_language(groups: Sequence[DuplicateGroup]) -> list[list[DuplicateGroup]]:
    """Gather groups, given in order of coverage, round the seeds they are like."""
    seeds: dict[int, list[DuplicateGroup]] = {}
    for place, likeness in enumerate(_likenesses([_terms(g.representative) for g in groups])):
        known = {earlier: value for earlier, value in likeness.items() if earlier in seeds}
        # Of equally like seeds the better covered.
        seed = min(known, key=lambda earlier: (-known[earlier], earlier), default=place)
        seeds.setdefault(seed, []).append(groups[place])
    return list(seeds.values())


def _terms(article: ArchivedArticle) -> list[str]:
    """Return the stems that may tell this event from others."""
    names = {word[:_STEM] for found in article.relevance.evidence for word in words(found.form)}
    stop = STOP_WORDS.get(article.article.language or "", frozenset())
    title = words(fold(article.article.title))
    # A word is seldom longer than 20 letters: more text than this need not be folded.
    opening = words(fold(article.article.text[: _OPENING * 20]))[:_OPENING]
    stems = [word[:_STEM] for word in (*title, *title, *opening) if word not in stop]
    return [stem for stem in stems if stem not in names]


def _likenesses(texts: Sequence[Sequence[str]]) -> Iterator[Mapping[int, float]]:
    """Yield for each text those before it that are like it, by place, with how much."""
    counts = Counter(term for text in texts for term in set(text))
    most = max(_COMMON_LEAST, len(texts) * _COMMON_SHARE)
    telling = sorted(term for term, count in counts.items() if count <= most)
    alike = _cosines(texts, telling, STORY_SIMILARITY, by_rarity=True)
    if len(telling) == len(counts):
        yield from alike
        return
    near = _cosines(texts, sorted(counts), _NEAR_EQUAL, by_rarity=False)
    for found, equal in zip(alike, near, strict=True):
        yield {**found, **equal}


def _cosines(
    texts: Sequence[Sequence[str]], vocabulary: Sequence[str], least: float, *, by_rarity: bool
) -> Iterator[Mapping[int, float]]:
    """Yield for each text those before it with a cosine similarity of ``least`` or more."""
    if not vocabulary:
        yield from ({} for _ in texts)
        return
    # Half a second to import: only for those who make a digest.
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    vectorizer = TfidfVectorizer(
        analyzer=_as_given, vocabulary=vocabulary, sublinear_tf=True, use_idf=by_rarity
    )
    vectors: Any = vectorizer.fit_transform(texts)
    for start in range(0, len(texts), _ROWS):
        block = (vectors[start : start + _ROWS] @ vectors[: start + _ROWS].T).tocsr()
        block.data[block.data < least] = 0
        block.eliminate_zeros()
        for row in range(block.shape[0]):
            own = slice(block.indptr[row], block.indptr[row + 1])
            pairs = zip(block.indices[own].tolist(), block.data[own].tolist(), strict=True)
            yield {place: value for place, value in pairs if place < start + row}


def _as_given(terms: Sequence[str]) -> Sequence[str]:
    return terms


# --- across languages ------------------------------------------------------

_Told = Sequence[DuplicateGroup]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: Years, days of a month and small counts are shared by chance.
_COMMON_NUMBER = re.compile(r"(?:19|20)\d\d|[012]?\d|3[01]")
#: Consonants of a name: fewer fit too many names, more differ by endings.
_LEAST_CONSONANTS = 3
_MOST_CONSONANTS = 4
#: One letter for a sound, whatever the alphabet; vowels fall away. Longest first.
_SOUNDS = {
    "tsch": "c", "sch": "s", "dzh": "c", "дж": "c", "sh": "s", "ch": "c", "kh": "h", "gh": "g",
    "zh": "j", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ж": "j", "з": "z", "к": "k",
    "л": "l", "м": "m", "н": "n", "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "h",
    "ц": "s", "ч": "c", "ш": "s", "щ": "s", "q": "g", "w": "v", "x": "h",
}  # fmt: skip
_NO_CONSONANT = re.compile("[^bcdfghjklmnpqrstvz]")
_DOUBLED = re.compile(r"(.)\1+")


def _across_languages(told: Sequence[_Told]) -> list[list[DuplicateGroup]]:
    """Join stories of different languages that are each other's best partner."""
    partners = _best_partners(told)
    joined: dict[int, list[DuplicateGroup]] = {}
    head: dict[int, int] = {}
    for place, groups in enumerate(told):
        mutual = [
            other
            for other in partners[place].values()
            if other < place and partners[other].get(_language(groups)) == place
        ]
        head[place] = min((head[other] for other in mutual), default=place)
        joined.setdefault(head[place], []).extend(groups)
    return list(joined.values())


def _language(groups: _Told) -> str | None:
    return groups[0].representative.article.language


def _best_partners(told: Sequence[_Told]) -> list[dict[str | None, int]]:
    """Return for each story its likeliest partner in each other language, by place."""
    shared: list[Counter[int]] = [Counter() for _ in told]
    for places in _rare_marks(told).values():
        for place in places:
            shared[place].update(other for other in places if other != place)
    best: list[dict[str | None, int]] = [{} for _ in told]
    for place, others in enumerate(shared):
        for other, count in sorted(others.items(), key=lambda item: (-item[1], item[0])):
            if count >= _LEAST_SHARED and _at_one_time(told[place], told[other]):
                best[place].setdefault(_language(told[other]), other)
    return best


def _at_one_time(a: _Told, b: _Told) -> bool:
    first, second = (
        min(group.representative.published_at for group in groups) for groups in (a, b)
    )
    return abs(first - second) <= _TRANSLATION_SPAN


def _rare_marks(told: Sequence[_Told]) -> dict[str, list[int]]:
    """Return the marks that no language has in two stories, with the stories' places."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, groups in enumerate(told):
        for mark in _marks(groups[0].representative):
            places[mark].append(place)
    return {
        mark: found
        for mark, found in places.items()
        if len(found) > 1 and len({_language(told[place]) for place in found}) == len(found)
    }


def _marks(article: ArchivedArticle) -> set[str]:
    """Return the numbers and names of an article in a form common to all languages."""
    marks = set()
    for sentence in sentences(f"{article.article.title}\n{article.article.text}"):
        marks.update(_numbers(fold(sentence)))
        # The first word has its capital from its place.
        for word in words(sentence)[1:]:
            if word[0].isupper():
                marks.add(_consonants(fold(word)))
    return {mark for mark in marks if mark}


def _numbers(folded: str) -> set[str]:
    found = (number.replace(",", ".") for number in _NUMBER.findall(folded))
    return {number for number in found if not _COMMON_NUMBER.fullmatch(number)}


def _consonants(name: str) -> str:
    """Return the first consonants of a folded name; empty if they are too few.

    >>> _consonants("берлине"), _consonants("berlin"), _consonants("баку")
    ('brln', 'brln', '')
    """
    for letters, sound in _SOUNDS.items():
        name = name.replace(letters, sound)
    found = _DOUBLED.sub(r"\1", _NO_CONSONANT.sub("", name))[:_MOST_CONSONANTS]
    return found if len(found) >= _LEAST_CONSONANTS else ""
