"""What the text of a block looks like, in figures."""

import re
from functools import lru_cache
from typing import NamedTuple

#: Characters. A block of this length is prose; a shorter one if it has a sentence's end.
_PROSE_LENGTH = 80
_SHORTEST_PROSE = 25
_SENTENCE_END = re.compile(r"[.!?…:;؟۔。！？][\"'»”’)\]]*(?:\s|$)")

#: What `_COPYRIGHT` needs, in lower case: to find none of these is quicker than a search.
_COPYRIGHT_SIGNS = (
    "©", "(c)", "copyright", "reserved", "hüquq", "права", "hakl", "rechte", "droits",
)  # fmt: skip
_COPYRIGHT = re.compile(
    r"^(?:©|\(c\)|copyright)\W{0,3}(?:19|20)\d\d|(?:19|20)\d\d\s?©|all rights reserved"
    r"|bütün hüquqlar|все права защищены|tüm hakları saklıdır|alle rechte vorbehalten"
    r"|tous droits réservés",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FIRST = {**dict.fromkeys("\"'«“‘„(", 4), **dict.fromkeys("-–—•*·", 5)}
_SENTENCE = 1
_LAST = {
    **dict.fromkeys(".!?…؟۔。！？", _SENTENCE),
    **dict.fromkeys("\"'»”’)]", 2),
    **dict.fromkeys(":;", 3),
    **dict.fromkeys(",-–—", 4),
}
#: Characters from the start that stand for the whole of a text.
_HEAD = 300


class Looks(NamedTuple):
    """The figures of a text; kinds of characters are numbered."""

    length: int
    words: int
    word_length: float
    commas: float  # a word
    capitals: float  # share of the characters
    digits: float  # likewise
    first: int
    last: int
    date: int  # 2: a year and a clock, 1: a year
    is_copyright: bool
    is_prose: bool

    @property
    def ends_sentence(self) -> bool:
        """Whether its last character ends a sentence."""
        return self.last == _SENTENCE


def looks_of(text: str) -> Looks:
    """Return the figures of ``text``, which is not empty."""
    return _short(text) if len(text) < _PROSE_LENGTH else _read(text)


def _read(text: str) -> Looks:
    length, head = len(text), text[:_HEAD]
    words = text.count(" ") + 1
    has_year = _YEAR.search(head) is not None
    is_prose = length >= _PROSE_LENGTH or (
        length >= _SHORTEST_PROSE and _SENTENCE_END.search(text) is not None
    )
    return Looks(
        length,
        words,
        length / words,
        text.count(",") / words,
        sum(map(str.isupper, head)) / len(head),
        sum(map(str.isdigit, head)) / len(head),
        _FIRST.get(text[0]) or _kind(text[0]),
        _LAST.get(text[-1], 0),
        has_year + (has_year and _CLOCK.search(head) is not None),
        _is_copyright(text),
        is_prose,
    )


#: The pages of a host have the same menus and footers; some MB.
_short = lru_cache(maxsize=8_000)(_read)


def _kind(character: str) -> int:
    if character.islower():
        return 1
    if character.isupper():
        return 2
    return 3 if character.isdigit() else 0


def _is_copyright(text: str) -> bool:
    lower = text.lower()
    for sign in _COPYRIGHT_SIGNS:
        if sign in lower:
            return bool(_COPYRIGHT.search(text))
    return False
