"""Which articles are copies of one another, and which sentences were printed before.

Agencies and outlets hand one text round within hours: the headline changes, a line
"… reports with reference to …" comes in front, the last paragraphs go, a tail about
the outlet is added. The same holiday text also comes back every year; that is no copy
but *recycled*, so copies are bounded in time and passages are not.

Copies. We compare word triples of the match form with the digits masked. Plain
containment and plain Jaccard join strangers that carry the same stock paragraph on the
history of the day, and such paragraphs stand in most articles of the holiday. But an
editor cuts from the end and background stands at the end, so a triple weighs less the
later it comes (by ``_LEAD``), and the similarity is the smaller of the two weighted
shares: what the long text finds in the short one, and the other way round. It depends
on the two texts alone. Hence a link, once found, stays true whatever arrives later, and
the groups are the same in any order of arrival. Weighting triples by their rarity in
the archive does better on texts that are half rewritten, but depends on the archive.

The incremental way, for each new article:

1. `fingerprint` its text and keep ``bands`` and ``passages`` in indexed columns;
2. candidates are the articles that share a band, published within `COPY_SPAN` of it;
3. `copy_links` compares them with it: keep the links;
4. `group_copies` on the articles that the links reach gives their groups anew.

Of two texts below `SHORTEST_COPY` words (greetings, notices) one is a copy only if
they are equal; a teaser and the long text that it opens are compared as any two.

Passages. A sentence of `SHORTEST_PASSAGE` words or more is known by one key of its
match form, digits masked, so that last year's "33-cü ildönümü" meets this year's.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import chain

from rensa import RMinHash

from pipeline.model import ArchivedArticle, DuplicateGroup, Fingerprint
from pipeline.text import fold, sentences, words

#: What is printed again later than this is recycled, not copied.
COPY_SPAN = timedelta(days=30)
#: `similarity` from which two texts count as copies: one false pair in a hundred on
#: news texts in six languages, a third of which carry stock paragraphs.
COPY_SIMILARITY = 0.45
#: Words. Below it two greetings differ by little more than a name.
SHORTEST_COPY = 48
#: Words. Below it two texts are equal by chance ("Photo: archive").
_SHORTEST_TEXT = 5
#: Words. Shorter sentences are common property ("The event was held in Baku.").
SHORTEST_PASSAGE = 8
#: Triples after which a triple weighs half of the first: about a lead sentence.
_LEAD = 15
#: Sentences whose keys are bands too: a text cut to its first paragraph shares few
#: triples with the whole, but these.
_LEAD_PASSAGES = 4
#: With 32 bands of 2 rows, two texts with a Jaccard similarity of 0.3 meet in 95 of
#: 100 cases, those with 0.4 in 996 of 1,000, strangers (0.01) in 3 of 1,000.
_BANDS = 32
_ROWS = 2
#: Of the permutations. Another value makes new bands and old ones strangers.
_SEED = 31

#: Begins with one digit, for that is searched twice as fast as with some.
_DIGITS = re.compile(r"\d\d*(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedPassage:
    """A sentence that is long enough to be recognised again."""

    key: int
    words: int
    text: str  # as printed


@dataclass(frozen=True, slots=True)
class Shingled:
    """The word triples of a text."""

    shingles: tuple[str, ...]  # in order; empty: hardly any text
    distinct: frozenset[str]

    @property
    def is_short(self) -> bool:
        """Whether only an equal text of this kind is a copy."""
        return len(self.shingles) + 2 < SHORTEST_COPY


@dataclass(frozen=True, slots=True, order=True)
class CopyLink:
    """Two articles, by id, that are copies of one text."""

    first_id: int  # the smaller id
    second_id: int
    similarity: float  # 0–1, at least COPY_SIMILARITY


# --- what is kept of a text ------------------------------------------------


def fingerprint(text: str) -> Fingerprint:
    """Return the keys under which ``text`` is found again."""
    read = _read(text)
    tokens = [_tokens(folded) for _, folded in read]
    passages = _passages(read, tokens)
    by_key: Counter[int] = Counter()
    for passage in passages:
        by_key[passage.key] += passage.words
    whole = " ".join(folded for _, folded in read)
    bands = _bands(_triples(list(chain.from_iterable(tokens))))
    lead = dict.fromkeys(passage.key for passage in passages[:_LEAD_PASSAGES])
    return Fingerprint(
        text_hash=_key(whole),
        bands=(*bands, *lead),
        passages=tuple(by_key),
        passage_words=tuple(by_key.values()),
        words=sum(map(len, tokens)),
    )


def find_passages(text: str) -> tuple[KeyedPassage, ...]:
    """Return the sentences of ``text`` that can be recognised, in order.

    >>> old = find_passages("On 31 December 1991 people met in the hall.")
    >>> new = find_passages("On 31 December 1992 people met in the hall!")
    >>> old[0].key == new[0].key
    True
    """
    read = _read(text)
    return _passages(read, [_tokens(folded) for _, folded in read])


#: Parts sentences while they are folded together: a noncharacter, which no text should hold.
_BORDER = "\ufdd0"


def _read(text: str) -> list[tuple[str, str]]:
    """Return the sentences of ``text``, each with its match form."""
    found = sentences(text.replace(_BORDER, ""))
    forms = fold(_BORDER.join(found)).split(_BORDER)
    return [(sentence, form.strip()) for sentence, form in zip(found, forms, strict=False)]


def _passages(
    read: Sequence[tuple[str, str]], tokens: Sequence[Sequence[str]]
) -> tuple[KeyedPassage, ...]:
    return tuple(
        KeyedPassage(key=_key(" ".join(tokens_)), words=len(tokens_), text=sentence)
        for (sentence, _), tokens_ in zip(read, tokens, strict=True)
        if len(tokens_) >= SHORTEST_PASSAGE
    )


def _tokens(folded: str) -> list[str]:
    """Words to compare: a changed year or number leaves them equal."""
    return words(_DIGITS.sub("0", folded))


def _key(text: str) -> int:
    return int.from_bytes(_digest(text), "little", signed=True)


_KEY_BYTES = 8


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()


def _digests(shingles: Iterable[str]) -> Iterator[bytes]:
    """Return the `_digest` of each, in two thirds of the time: an article has a thousand."""
    empty = blake2b(digest_size=_KEY_BYTES)
    for shingle in "\n".join(shingles).encode("utf-8", "surrogatepass").split(b"\n"):
        hashed = empty.copy()
        hashed.update(shingle)
        yield hashed.digest()


def _bands(shingles: tuple[str, ...]) -> tuple[int, ...]:
    if not shingles:
        return ()
    rows = _signature(shingles)
    groups = (rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS))
    return tuple(
        int.from_bytes(
            blake2b(struct.pack(f"<{1 + _ROWS}I", band, *group), digest_size=_KEY_BYTES).digest(),
            "little",
            signed=True,
        )
        for band, group in enumerate(groups)
    )


def _signature(shingles: Iterable[str]) -> list[int]:
    """Return the MinHash signature (Broder 1997), one unsigned 32-bit integer a row.

    rensa gets our own hashes: those of strings may differ between its versions.
    """
    digests = b"".join(_digests(shingles))
    hashes = list(struct.unpack(f"<{len(digests) // _KEY_BYTES}Q", digests))
    matrix = RMinHash.digest_matrix_from_token_hash_sets([hashes], _BANDS * _ROWS, _SEED)
    rows: list[int] = matrix.to_rows()[0]
    return rows


# --- how like two texts are ------------------------------------------------


@lru_cache(maxsize=512)  # a text meets its candidates again and again; about 30 MB
def shingle(text: str) -> Shingled:
    """Return the word triples of ``text`` on its match form, digits masked."""
    shingles = _triples(_tokens(fold(text)))
    return Shingled(shingles, frozenset(shingles))


def _triples(tokens: Sequence[str]) -> tuple[str, ...]:
    if len(tokens) < _SHORTEST_TEXT:
        return ()
    return tuple(map(" ".join, zip(tokens, tokens[1:], tokens[2:], strict=False)))


def similarity(a: Shingled, b: Shingled) -> float:
    """Return how like two texts are, 0–1, the lead weighing more than the end.

    >>> one = shingle("Bayram tədbiri Bakıda keçirilib, qonaqlar gəlib.")
    >>> similarity(one, one), similarity(one, shingle(""))
    (1.0, 0.0)
    """
    if a.distinct.isdisjoint(b.distinct):
        return 0.0
    if a.is_short and b.is_short:
        return float(a.shingles == b.shingles)
    return min(_share_found(a, b), _share_found(b, a))


def _share_found(text: Shingled, other: Shingled) -> float:
    found = total = 0.0
    for place, triple in enumerate(text.shingles):
        weight = _LEAD / (_LEAD + place)
        total += weight
        if triple in other.distinct:
            found += weight
    return found / total


# --- copies ----------------------------------------------------------------


def copy_links(
    article: ArchivedArticle, candidates: Iterable[ArchivedArticle]
) -> tuple[CopyLink, ...]:
    """Return the links of ``article`` to those candidates that are its copies.

    A candidate published more than `COPY_SPAN` before or after is none.
    """
    text = shingle(article.article.text)
    links = []
    for other in candidates:
        if other.id == article.id or abs(other.published_at - article.published_at) > COPY_SPAN:
            continue
        likeness = similarity(text, shingle(other.article.text))
        if likeness >= COPY_SIMILARITY:
            first, second = sorted((article.id, other.id))
            links.append(CopyLink(first, second, likeness))
    return tuple(sorted(links))


def group_copies(
    articles: Iterable[ArchivedArticle], links: Iterable[CopyLink]
) -> tuple[DuplicateGroup, ...]:
    """Join ``articles`` that links connect; each article is in exactly one group.

    The representative is the first published, of equal moments the smaller id; groups
    come in the order of their representatives. Who is joined by a chain of links but
    published more than `COPY_SPAN` after the representative begins a group of its own.
    Links to articles that are not given are left aside.
    """
    by_id = {article.id: article for article in sorted(articles, key=_by_publication)}
    heads = _components(by_id, links)
    members: dict[int, list[ArchivedArticle]] = {}
    for article in by_id.values():
        members.setdefault(heads[article.id], []).append(article)
    groups = [group for joined in members.values() for group in _bounded(joined)]
    return tuple(sorted(groups, key=lambda group: _by_publication(group.representative)))


def _by_publication(article: ArchivedArticle) -> tuple[float, int]:
    return (article.published_at.timestamp(), article.id)


def _components(
    by_id: Mapping[int, ArchivedArticle], links: Iterable[CopyLink]
) -> Mapping[int, int]:
    """Return for each id the id that stands for its connected component."""
    parent = {id_: id_ for id_ in by_id}

    def head(id_: int) -> int:
        while parent[id_] != id_:
            parent[id_] = parent[parent[id_]]
            id_ = parent[id_]
        return id_

    for link in links:
        if link.first_id in parent and link.second_id in parent:
            parent[head(link.first_id)] = head(link.second_id)
    return {id_: head(id_) for id_ in parent}


def _bounded(copies: Sequence[ArchivedArticle]) -> list[DuplicateGroup]:
    """Part a chain, in order of publication, into groups no longer than `COPY_SPAN`."""
    groups: list[list[ArchivedArticle]] = []
    for article in copies:
        if groups and article.published_at - groups[-1][0].published_at <= COPY_SPAN:
            groups[-1].append(article)
        else:
            groups.append([article])
    return [DuplicateGroup(representative=part[0], members=tuple(part)) for part in groups]
