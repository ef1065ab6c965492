"""Which articles are copies of one another.

Agencies and outlets hand one text round within hours: the headline changes, a line
"… reports with reference to …" comes in front, the last paragraphs go, half is written
anew, a tail about the outlet is added. The same holiday text also comes back every year;
that is no copy but *recycled*, so copies are bounded in time, and `passages` are not.

We compare word triples of the match form with the digits masked, in two steps:

1. Texts that are nearly equal (by `resemblance`) are *twins*. Of twins within `COPY_SPAN`
   the first published **speaks** for the others: a text speaks if no twin of it that
   was published before speaks. The others are linked to those that speak for them.
2. Texts that speak are compared by what they share, and what few of them have weighs
   more. Strangers share the stock paragraph on the history of the day, which stands in
   most articles of the holiday; copies share what is in few others. The number of
   *articles* with a triple does not tell one from the other, for what is copied most is
   in most articles. The number of texts that speak does. And a triple weighs less the
   later it comes, since editors cut from the end, and background stands at the end.

The weight of a triple is that of its **trace**: one triple in three or four, chosen by its
hash among its neighbours (winnowing: Schleimer, Wilkerson, Aiken 2003). Texts with a run
of words in common have its traces in common, however long the rest of the longer one is.
The archive knows for each trace the texts that speak and have it, season by season, and
there the candidates are found too. Traces are counted up to `_STOCK`, in steps: a trace
that goes from 10 texts to 11 changes no weight. So an article that comes in costs the
same in a large archive as in a small one, and only where a step is passed are earlier
texts compared anew.

All this is a function of the set of articles, not of their order of arrival: ranks go by
the moment of publication and the address, weights by counts. `find_copies` says so for
a whole set at once; what `jobs.curate` does for one article after the other comes to
the same. As in any greedy choice by fixed ranks a change touches few others, one
on the average (Censor-Hillel, Haramaty, Karnin 2016).

Weighed and left out. One similarity of two texts alone, be it containment, Jaccard or
one that lets the lead weigh more: strangers with a stock paragraph look like copies that
are half rewritten. Weights by the number of articles: they part what is copied most
(pair F1 0.1 on stories with 20 copies). Weights of 1/(n−1): as good, but each arrival
changes those of half the archive. To drop common traces: a text of which only the lead is
left has no other. MinHash alone: it estimates Jaccard, and a text cut to a fifth has none.
To sample triples and compare the samples: one pair in a hundred is lost or wrong. A link
between strangers who carry a paragraph that only three texts of a season have is left: two
texts alone do not tell that from a copy half rewritten, and it goes when a fourth comes.

Of two texts below `SHORTEST_COPY` words (greetings, notices) one is a copy only if
they are equal; a teaser and the long text that it opens are compared as any two.
"""

import struct
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, repeat
from operator import xor

from pipeline.model import Fingerprint
from pipeline.passages import keyed_passages, mask_digits, passage_prints, read_sentences
from pipeline.text import fold

#: What is printed again later than this is recycled, not copied.
COPY_SPAN = timedelta(days=30)
#: `similarity` from which two texts count as copies. In the middle of the values at which
#: news texts in six languages, a third of which carry stock paragraphs, are told apart.
COPY_SIMILARITY = 0.24
#: `resemblance` from which two texts are nearly equal: two in three triples, or so.
TWIN_RESEMBLANCE = 0.6
#: Words. Below it two greetings differ by little more than a name.
SHORTEST_COPY = 48
#: Words. Below it two texts are equal by chance ("Photo: archive").
_SHORTEST_TEXT = 5
#: By four they are 24 bands. Twins with a resemblance of 0.8 share two of them in 9,999 of
#: 10,000 cases, those with 0.7 in 987 of 1,000, those with 0.6 in 835 (the others are found by
#: their traces), and strangers with a stock paragraph, 0.15, in 1 of 10,000. One would do, but
#: a large archive has a stranger for any.
_BINS = 96
_BANDS_SHARED = 2
#: Triples of which one at least is a trace. The fewer, the more traces to be kept.
_WINDOW = 6
#: Up to how many texts of a season that speak have a trace of each weight. Three or fewer
#: are likely copies; what more have than the last is stock.
_STEPS = (3, 9, 27)
_STOCK = _STEPS[-1]
_WEIGHTS = (1.0, 0.25, 0.08, 0.03)
#: Triples after which one weighs half of the first: some three paragraphs.
_LEAD = 400
#: How far counts go: far enough to tell whether the last step was passed just now.
MOST_COUNTED = _STOCK + 2
#: Traces that two texts share at least if they are to be compared: fewer are chance.
FEWEST_SHARED = 3


@dataclass(frozen=True, slots=True)
class Shingled:
    """The word triples of a text, each as a signed 64-bit integer, the same on every machine."""

    shingles: "array[int]"  # in order; empty: hardly any text
    traces: "array[int]"  # for each of them the trace that stands for it

    @property
    def distinct(self) -> frozenset[int]:
        """The triples, each once."""
        return frozenset(self.shingles)

    @property
    def is_short(self) -> bool:
        """Whether only an equal text of this kind is a copy."""
        return len(self.shingles) + 2 < SHORTEST_COPY


@dataclass(frozen=True, slots=True, order=True)
class CopyLink:
    """Two articles, by id, that are copies of one text."""

    first_id: int  # the smaller id
    second_id: int
    similarity: float  # 0–1; of twins their resemblance


@dataclass(frozen=True, slots=True)
class Appearance:
    """An article as far as its place among others goes."""

    id: int
    published_at: datetime
    key: str  # our spelling of its address

    @property
    def rank(self) -> tuple[datetime, str]:
        """Who is first; of one moment the address decides, whoever came in first."""
        return (self.published_at, self.key)

    def is_near(self, other: "Appearance") -> bool:
        """Tell whether one can be a copy of the other by its moment."""
        return abs(self.published_at - other.published_at) <= COPY_SPAN


# --- what is kept of a text ------------------------------------------------


def fingerprint(text: str) -> Fingerprint:
    """Return the keys under which ``text`` is found again."""
    read = read_sentences(text)
    whole = " ".join(sentence.folded for sentence in read)
    tokens = list(chain.from_iterable(sentence.tokens for sentence in read))
    return Fingerprint(
        text_hash=_key(whole.encode("utf-8", "surrogatepass")),
        bands=bands(_triples(tokens)),
        passages=passage_prints(list(keyed_passages(read))),
        words=len(tokens),
    )


@lru_cache(maxsize=4096)  # a text meets its candidates again and again; about 25 MB
def shingle(text: str) -> Shingled:
    """Return the word triples of ``text`` on its match form, digits masked."""
    return _triples(mask_digits(fold(text)))


def bands(text: Shingled) -> tuple[int, ...]:
    """Return keys of which twins share `fewest_bands`, mostly; none for hardly any text.

    The triples are dealt out to bins by their hash, the lowest of each bin is kept, and a
    key is made of those of four bins (one permutation hashing: Li, Owen, Zhang 2012).
    """
    lowest = {hashed % _BINS: hashed for hashed in sorted(text.shingles, reverse=True)}
    rows = [lowest.get(number, 0) for number in range(_BINS)]
    by_four = zip(*(rows[start::4] for start in range(4)), strict=True)
    return tuple(key for a, b, c, d in by_four if (key := a ^ b ^ c ^ d))


def fewest_bands(keys: Sequence[int]) -> int:
    """Return how many of its bands a text must share with another to be compared with it."""
    return min(_BANDS_SHARED, len(keys))  # equal texts of few words have few


_KEY_BYTES = 8


def _key(data: bytes) -> int:
    digest = blake2b(data, digest_size=_KEY_BYTES).digest()
    return int.from_bytes(digest, "little", signed=True)


def _triples(tokens: Sequence[str]) -> Shingled:
    if len(tokens) < _SHORTEST_TEXT:
        return Shingled(array("q"), array("q"))
    first, second, third = zip(*map(_word_hashes, tokens), strict=True)
    hashes = [*map(xor, map(xor, first, second[1:]), third[2:])]
    return Shingled(array("q", hashes), array("q", _traces(hashes)))


@lru_cache(maxsize=65_536)  # the words of a language come again; about 20 MB
def _word_hashes(word: str) -> tuple[int, ...]:
    """Return what a word adds to the hash of a triple as its first, second and third.

    Three random words are as good as one for the whole triple (simple tabulation: Zobrist
    1970), and take a third of the time.
    """
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=3 * _KEY_BYTES).digest()
    return struct.unpack("<3q", digest)


def _traces(hashes: Sequence[int]) -> Iterable[int]:
    """Return for each triple, in order, the lowest hash of the `_WINDOW` about it."""
    if len(hashes) <= _WINDOW:
        return (min(hashes) for _ in hashes)
    lowest = list(map(min, zip(*(hashes[start:] for start in range(_WINDOW)), strict=False)))
    before = _WINDOW // 2
    after = _WINDOW - 1 - before
    return (*lowest[:1] * before, *lowest, *lowest[-1:] * after)


# --- how like two texts are ------------------------------------------------


def resemblance(a: Shingled, b: Shingled) -> float:
    """Return which share of the triples of both two texts have in common, 0–1 (Jaccard).

    >>> one = shingle("Bayram tədbiri Bakıda keçirilib, qonaqlar gəlib.")
    >>> resemblance(one, one), resemblance(one, shingle(""))
    (1.0, 0.0)
    """
    if a.is_short and b.is_short:
        return float(len(a.shingles) > 0 and a.shingles == b.shingles)
    mine, theirs = a.distinct, b.distinct
    return len(mine & theirs) / len(mine | theirs)


def step_of(count: int) -> int:
    """Return on which step of weights a trace stands that ``count`` texts have.

    >>> [step_of(count) for count in (1, 3, 4, 9, 10, 28, 1000)]
    [0, 0, 1, 1, 2, 3, 3]
    """
    return bisect_left(_STEPS, count)


def is_stock(count: int) -> bool:
    """Tell whether so many texts have a trace that it leads to no copies."""
    return count > _STOCK


@dataclass(frozen=True, slots=True)
class Weighed:
    """The triples of a text, with their weights among the texts of a season."""

    text: Shingled
    weights: tuple[float, ...]  # of each, in order
    total: float
    distinct: frozenset[int]


def weigh(text: Shingled, counts: Mapping[int, int]) -> Weighed:
    """Weigh the triples of a text by how many texts that speak have its traces."""
    by_trace = {trace: _WEIGHTS[step_of(counts[trace])] for trace in set(text.traces)}
    weights = tuple(
        by_trace[trace] * _LEAD / (_LEAD + place) for place, trace in enumerate(text.traces)
    )
    return Weighed(text, weights, sum(weights), text.distinct)


def similarity(a: Weighed, b: Weighed) -> float:
    """Return how much of a text that speaks is in another, 0–1.

    Of the one that is told apart by less, be it short or made of what many have.
    """
    if a.text.is_short and b.text.is_short:
        return 0.0  # equal ones are twins
    common = a.distinct & b.distinct
    return min(_found(a, common), _found(b, common)) / min(a.total, b.total)


def _found(text: Weighed, common: frozenset[int]) -> float:
    return sum(
        weight
        for weight, triple in zip(text.weights, text.text.shingles, strict=True)
        if triple in common
    )


# --- seasons ---------------------------------------------------------------

#: Traces are counted by the year. It begins in June, far from the holiday at the year's end …
_FIRST_SEASON = datetime(1970, 6, 15, tzinfo=UTC)
_SEASON = timedelta(days=365)


def seasons_of(published_at: datetime) -> tuple[int, ...]:
    """Return the seasons in which a text is counted: any two copies have one in common.

    What is published in a season's first days counts for the one before as well.

    >>> seasons_of(datetime(2026, 12, 31, tzinfo=UTC))
    (56,)
    """
    season, since = divmod(published_at - _FIRST_SEASON, _SEASON)
    return (season - 1, season) if since <= COPY_SPAN else (season,)


# --- a whole set at once ---------------------------------------------------


def find_copies(articles: Iterable[tuple[Appearance, str]]) -> list[CopyLink]:
    """Return the links between the articles of a set, given with their texts.

    It holds all of them in memory, some 5 kB each.
    """
    twins = _Twins()
    for appearance, text in sorted(articles, key=lambda one: one[0].rank):
        twins.add(_Held(appearance, _triples(mask_digits(fold(text)))))
    return sorted({*twins.links, *_links_by_traces(twins.speaking)})


@dataclass(frozen=True, slots=True)
class _Held:
    """An article with its triples."""

    at: Appearance
    text: Shingled


@dataclass(frozen=True, slots=True)
class _Twins:
    """Who speaks and who is linked to those, for articles that are added by rank."""

    speaking: list[_Held] = field(default_factory=list)
    links: list[CopyLink] = field(default_factory=list)
    _held: list[_Held] = field(default_factory=list)
    _by_band: tuple["_Places", "_Places"] = field(default_factory=lambda: (_Places(), _Places()))

    def add(self, one: _Held) -> None:
        """Place the next article."""
        keys = bands(one.text)
        speaks = not self._link(one, keys, speaking=True)
        if speaks:
            self.speaking.append(one)
            self._link(one, keys, speaking=False)
        self._by_band[speaks].add(keys, len(self._held))
        self._held.append(one)

    def _link(self, one: _Held, keys: Sequence[int], *, speaking: bool) -> int:
        """Link an article to its twins of one kind; return their number."""
        shelf = self._by_band[speaking]
        met = shelf.count(keys)
        least = fewest_bands(keys)
        like = [self._held[place] for place, shared in met.items() if shared >= least]
        found = list(_twin_links(one, like))
        self.links.extend(found)
        return len(found)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each key stands. Most stand in one place, and a list for each is too many lists."""

    first: dict[int, int] = field(default_factory=dict)
    more: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, keys: Iterable[int], place: int) -> None:
        """Note that keys stand in a place, which is later than all before."""
        first, more = self.first, self.more
        for key in keys:
            if first.setdefault(key, place) != place:
                more[key].append(place)

    def count(self, keys: Iterable[int]) -> Counter[int]:
        """Return the places where any of the keys stand, and how many stand there."""
        first, more = self.first, self.more
        known = [key for key in keys if key in first]
        shared = Counter(map(first.__getitem__, known))
        shared.update(chain.from_iterable(more[key] for key in known if key in more))
        return shared


def _twin_links(one: _Held, others: Iterable[_Held]) -> Iterator[CopyLink]:
    for other in others:
        if one.at.is_near(other.at):
            likeness = resemblance(one.text, other.text)
            if likeness >= TWIN_RESEMBLANCE:
                yield link(one.at.id, other.at.id, likeness)


def link(one_id: int, other_id: int, likeness: float) -> CopyLink:
    """Return the link of two articles, whichever is given first."""
    first, second = sorted((one_id, other_id))
    return CopyLink(first, second, likeness)


def _links_by_traces(speaking: Sequence[_Held]) -> Iterator[CopyLink]:
    by_season: defaultdict[int, list[_Held]] = defaultdict(list)
    for one in speaking:
        for season in seasons_of(one.at.published_at):
            by_season[season].append(one)
    best: dict[tuple[int, int], CopyLink] = {}
    for held in by_season.values():
        for found in _links_of_season(held):
            ends = (found.first_id, found.second_id)
            best[ends] = max(found, best.get(ends, found))
    yield from best.values()


def _links_of_season(held: Sequence[_Held]) -> Iterator[CopyLink]:
    posted = _post(held)
    counts = defaultdict(lambda: 1, {trace: len(places) for trace, places in posted.items()})

    @lru_cache(maxsize=4096)  # about 100 MB
    def weighed(place: int) -> Weighed:
        return weigh(held[place].text, counts)

    for first, second in _sharing(held, posted):
        a, b = held[first].at, held[second].at
        if a.is_near(b):
            likeness = similarity(weighed(first), weighed(second))
            if likeness >= COPY_SIMILARITY:
                yield link(a.id, b.id, likeness)


def _post(held: Sequence[_Held]) -> dict[int, list[int]]:
    """Return the places of the texts that have each trace, where there are several."""
    posted = _Places()
    for place, one in enumerate(held):
        posted.add(set(one.text.traces), place)
    return {trace: [posted.first[trace], *others] for trace, others in posted.more.items()}


def _sharing(held: Sequence[_Held], posted: Mapping[int, list[int]]) -> Iterator[tuple[int, int]]:
    """Yield the places of any two texts that share traces enough, but for stock."""
    telling = {trace: places for trace, places in posted.items() if not is_stock(len(places))}
    for first, one in enumerate(held):
        having = map(telling.get, set(one.text.traces), repeat(()))
        for second, shared in Counter(chain.from_iterable(having)).items():
            if shared >= FEWEST_SHARED and second > first:
                yield first, second


# --- groups ----------------------------------------------------------------


def group_copies(
    articles: Iterable[Appearance], links: Iterable[CopyLink]
) -> list[tuple[Appearance, ...]]:
    """Join ``articles`` that links connect; each article is in exactly one group.

    The first of a group, its representative, is the first published; groups come in the
    order of their representatives. Who is joined by a chain of links but published more
    than `COPY_SPAN` after the representative begins a group of its own. Links to articles
    that are not given are left aside.
    """
    by_id = {one.id: one for one in sorted(articles, key=lambda one: one.rank)}
    heads = _components(by_id, links)
    members: dict[int, list[Appearance]] = {}
    for one in by_id.values():
        members.setdefault(heads[one.id], []).append(one)
    groups = [group for joined in members.values() for group in _bounded(joined)]
    return sorted(groups, key=lambda group: group[0].rank)


def _components(ids: Iterable[int], links: Iterable[CopyLink]) -> Mapping[int, int]:
    """Return for each id the id that stands for its connected component."""
    parent = {id_: id_ for id_ in ids}

    def head(id_: int) -> int:
        while parent[id_] != id_:
            parent[id_] = parent[parent[id_]]
            id_ = parent[id_]
        return id_

    for one in links:
        if one.first_id in parent and one.second_id in parent:
            parent[head(one.first_id)] = head(one.second_id)
    return {id_: head(id_) for id_ in parent}


def _bounded(copies: Sequence[Appearance]) -> list[tuple[Appearance, ...]]:
    """Part a chain, in order of publication, into groups no longer than `COPY_SPAN`."""
    groups: list[list[Appearance]] = []
    for one in copies:
        if groups and one.published_at - groups[-1][0].published_at <= COPY_SPAN:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [tuple(group) for group in groups]
