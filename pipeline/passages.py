"""Which sentences were printed before, be it with small edits.

A holiday's text comes back every year with the year changed, a case ending, a word, a
clause left out. A **passage** is a sentence of `SHORTEST_PASSAGE` words or more. It is
known by the stems of its words, a stem being a word's first letters: endings are what
az, tr, ru and de change, and no language has to be told first. Numbers do not count.

Two passages are the same (`is_same`) if their stems are, all but a few, or if the
shorter is a part of the longer. That depends on the two alone, and so do the keys under
which they meet in the archive. Hence whatever is reported is a function of the set of
articles, not of their order of arrival. Clusters of passages, each known by an id, were
weighed and left out: single edits chain into clusters whose ends have little in common,
and a cap on what a new passage is compared with makes the ids depend on the order.

Three kinds of keys find the passages to compare with:

- the ``key``, of all stems: most of what comes back has no other change than numbers
  and endings, and is found by this one alone;
- bands: the few stems that come first in one of several random orders (bottom-k of a
  MinHash, Broder 1997). Long sentences are parted by three stems, short ones by two,
  those between by both, lest an edit change the kind. Function words are kept out by
  their length, not by a list, which could not grow without parting the archive from its
  own keys;
- runs of stems, for what lost a clause or got one.

Measured on sentences of news in six languages (tests/bench/text/passages.py): with a
number, a date or endings changed all are found, with a word changed 993 of 1,000, with a
clause cut 976; of sentences half of which is another, 11 of 1,000 are taken for the old.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from pipeline.model import PassagePrint
from pipeline.text import fold, sentences, words

#: Words. Shorter sentences are common property ("The event was held in Baku.").
SHORTEST_PASSAGE = 8
#: Words that are no numbers. A table of results has fewer, and is nobody's sentence.
_FEWEST_NAMED = 5
#: Letters. Of Azerbaijani forms, the best length of prefix that keeps words apart.
_STEM = 5
#: Share of the stems of two passages that are common, of both together, from which they
#: are the same: of eight words, two may differ on one side, or one on each.
_SAME = 0.75
#: Share of the shorter one's stems that the longer has, if a clause of it was left out …
_WITHIN = 0.9
#: … and the least that is left of the longer one.
_LEAST_LEFT = 0.5
#: Orders of stems of which the first make a band.
_ORDERS = 4
#: How the places of a stem in these orders are told apart: 64 bits each.
_PLACES = f"<{_ORDERS}Q"
#: Bytes by which a stem is compared: of two sentences, one in three hundred would have
#: one word too many in common.
_MARK = 2
#: Stems in a band, with the fewest and the most stems of the passages parted by it.
_BANDS = ((2, 0, 10), (3, 8, 10_000))
#: Stems. Shorter runs are turns of phrase.
_SHORTEST_CHUNK = 4
#: One stem in so many ends a run.
_BORDERS = 3
#: Share of a sentence's letters that stand in quotation marks, if it is a quotation.
_MOSTLY = 0.5

#: Begins with one digit, for that is searched twice as fast as with some.
_DIGITS = re.compile(r"\d\d*(?:[.,]\d+)*")
#: Odd numbers without a pattern: a rank counts otherwise as first, second or third.
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)

_QUOTES = '"“”„«»‟'
_QUOTE = re.compile(f"[{_QUOTES}]")
_DASHES = ("-", "–", "—")
#: Beginnings of verbs that bring what somebody says, in the match form.
_SAYS = re.compile(
    r"\b(?:de(?:di|yib|yir|mis)|bildir(?:ib|di|mis)|vurgula|qeyd ed|soyle|elave ed|yazib|yazdi"
    r"|belirt|ifade et|kaydet|konustu|сказа|заяви|отмети|подчеркну|сообщи|добави|говори"
    r"|рассказа|напомни|наголоси|додав|said|says|told|added|stated|stressed|noted"
    r"|sagte|sagt\b|erklarte|betonte|گفت|افزود|اظهار|تاکید)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedPassage:
    """A sentence that is long enough to be recognised again."""

    text: str  # as printed
    stems: tuple[str, ...]  # of its words in order, without numbers
    words: int
    is_quoted: bool  # most of it is somebody's speech

    @property
    def key(self) -> int:
        """Equal for passages that differ in numbers and endings alone; signed 64 bits."""
        return _hash(" ".join(self.stems))

    @property
    def marks(self) -> bytes:
        """Two bytes for each stem, in order: what `is_same` compares."""
        return b"".join(_digest(stem)[:_MARK] for stem in self.stems)


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence with its match form and the words of that."""

    text: str
    folded: str
    tokens: tuple[str, ...]  # each number as 0
    is_quoted: bool


# --- passages of a text ----------------------------------------------------


def find_passages(text: str) -> tuple[KeyedPassage, ...]:
    """Return the sentences of ``text`` that can be recognised, in order.

    >>> old = find_passages("On 31 December 1991 many people met in the library.")
    >>> new = find_passages("On 1 December 1992 many people met in the libraries!")
    >>> old[0].key == new[0].key
    True
    """
    return tuple(keyed_passages(read_sentences(text)))


def keyed_passages(read: Iterable[ReadSentence]) -> Iterator[KeyedPassage]:
    """Yield the passages among sentences that are folded already."""
    for sentence in read:
        if len(sentence.tokens) < SHORTEST_PASSAGE:
            continue
        stems = _stems(sentence.tokens)
        if len(stems) >= _FEWEST_NAMED:
            yield KeyedPassage(
                text=sentence.text,
                stems=stems,
                words=len(sentence.tokens),
                is_quoted=sentence.is_quoted,
            )


def mask_digits(folded: str) -> list[str]:
    """Return the words of a match form, each number as ``0``.

    >>> mask_digits("31 dekabr 1991-ci il")
    ['0', 'dekabr', '0-ci', 'il']
    """
    return words(_DIGITS.sub("0", folded))


def _stems(tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(_stem(token) for token in tokens if token[0] != "0")


def _stem(token: str) -> str:
    """Return the beginning of a word, of "baki'da" as of "bakida"."""
    return token.replace("'", "")[:_STEM]


def passage_prints(passages: Sequence[KeyedPassage]) -> tuple[PassagePrint, ...]:
    """Return what is filed of the passages of a text, each key once, in order."""
    by_key: dict[int, list[KeyedPassage]] = {}
    for passage in passages:
        by_key.setdefault(passage.key, []).append(passage)
    return tuple(
        PassagePrint(
            key=key,
            words=sum(one.words for one in equal),
            marks=equal[0].marks,
            bands=passage_bands(equal[0]),
            is_quoted=any(one.is_quoted for one in equal),
        )
        for key, equal in by_key.items()
    )


#: Parts sentences while they are folded together: a noncharacter, which no text should hold.
_BORDER = "\ufdd0"


def read_sentences(text: str) -> list[ReadSentence]:
    """Return the sentences of ``text``, each with its match form."""
    found = list(_sentences_by_line(text.replace(_BORDER, "")))
    forms = fold(_BORDER.join(sentence for sentence, _ in found)).split(_BORDER)
    return [
        ReadSentence(sentence, form.strip(), tuple(mask_digits(form)), is_quoted)
        for (sentence, is_quoted), form in zip(found, forms, strict=False)
    ]


def _sentences_by_line(text: str) -> Iterator[tuple[str, bool]]:
    for line in text.splitlines():
        found = sentences(line)
        yield from zip(found, _quoted(found), strict=True)


# --- quotations ------------------------------------------------------------


def _quoted(line: Sequence[str]) -> Iterator[bool]:
    """Tell of each sentence of a line whether most of it is somebody's speech.

    Marks of all languages toggle, since one opens in German what closes in English. An
    unclosed quotation ends with its line.
    """
    inside = False
    for sentence in line:
        within = letters = 0
        for number, part in enumerate(_QUOTE.split(sentence)):
            inside ^= number > 0
            letters += len(part)
            within += len(part) if inside else 0
        yield within >= _MOSTLY * letters > 0 or _is_spoken(sentence)


def _is_spoken(sentence: str) -> bool:
    """Tell speech without marks: between dashes with who says it, or after a colon."""
    if sentence.startswith(_DASHES):
        _, dash, speaker = sentence[1:].replace("–", "—").partition(" — ")
        return bool(dash and _SAYS.search(fold(speaker)))
    before, colon, speech = sentence.partition(":")
    return bool(colon and len(speech) >= len(before) and _SAYS.search(fold(before)))


# --- keys under which a passage is found -----------------------------------


def passage_bands(passage: KeyedPassage) -> tuple[int, ...]:
    """Return keys of which passages that are the same share at least one, mostly.

    Two passages that share one are to be compared (`is_same`). Signed 64 bits, the same
    on every machine.
    """
    ranks = [sorted(order) for order in zip(*map(_ranks, set(passage.stems)), strict=True)]
    keys = set(_chunks(passage.stems))
    for stems, fewest, most in _BANDS:
        if fewest <= len(ranks[0]) <= most:
            keys.update(_mixed(order[:stems], number) for number, order in enumerate(ranks))
    return tuple(sorted(keys))


def _ranks(stem: str) -> tuple[int, ...]:
    """Return the place of a stem in each of the random orders.

    Long stems come earlier: short words are frequent, and part sentences less.
    """
    weight = max(1, len(stem) - 2)
    return tuple(number // weight for number in struct.unpack_from(_PLACES, _digest(stem), _MARK))


@lru_cache(maxsize=65_536)  # the words of a language come again; about 10 MB
def _digest(stem: str) -> bytes:
    """Return random bytes, the same on every machine: a mark, then a place in each order."""
    size = _MARK + struct.calcsize(_PLACES)
    return blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def _mixed(ranks: Sequence[int], order: int) -> int:
    """Return one key of ranks: random already, they need no other hash than a sum."""
    mixed = sum(rank * factor for rank, factor in zip(ranks, _FACTORS, strict=False))
    return (mixed + order * len(ranks)) % 2**64 - 2**63


def _chunks(stems: Iterable[str]) -> Iterator[int]:
    """Yield the keys of runs of stems, parted where certain stems stand.

    Two passages with a run in common part it alike, whatever stands before and after
    (Manber 1994), and no mark of punctuation needs to be the same.
    """
    run: list[str] = []
    for stem in stems:
        run.append(stem)
        if len(run) >= _SHORTEST_CHUNK and _ranks(stem)[0] % _BORDERS == 0:
            yield _hash(", ".join(run))
            run = []
    if len(run) >= _SHORTEST_CHUNK:
        yield _hash(", ".join(run))


def _hash(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


# --- are two the same ------------------------------------------------------


def is_same(marks: bytes, others: bytes) -> bool:
    """Tell by their marks whether two passages are one sentence, but for small edits.

    >>> was, now, new = (find_passages(text)[0].marks for text in (
    ...     "In 1991 the choir of the island sang in the old town hall.",
    ...     "In 1992 the choir of the island sang in the new town hall.",
    ...     "In 1992 the council of the island voted on the budget for schools."))
    >>> is_same(was, now), is_same(now, new)
    (True, False)
    """
    fewer, more = sorted((len(marks) // _MARK, len(others) // _MARK))
    if fewer < _LEAST_LEFT * more:
        return False
    common = _common(marks, others)
    return 2 * common >= _SAME * (fewer + more) or common >= _WITHIN * fewer


def _common(marks: bytes, others: bytes) -> int:
    """Count the stems that both have, those that both have twice as two."""
    left = Counter(memoryview(others).cast("H"))
    common = 0
    for mark in memoryview(marks).cast("H"):
        if left.get(mark):
            left[mark] -= 1
            common += 1
    return common
