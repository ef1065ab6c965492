"""What single words tell of a block: those in the names of its elements, and its first ones."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.articles.names import words_of_names


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What words tell: log-odds that what is named so, or begins so, is the article's."""

    names: Mapping[str, float]
    words: Mapping[str, float]

    def weigh_names(self, names: str) -> float:
        """Return the sum over the words of an element's names."""
        get = self.names.get
        return sum([get(word, 0.0) for word in words_of_names(names)]) if names else 0.0

    def weigh_text(self, text: str) -> tuple[float, float]:
        """Return the sum over the first words of a text, levelled, and the least of them."""
        return _weigh_text(self, text[:_FIRST_CHARACTERS])


@lru_cache(maxsize=8_000)  # menus and labels come again on each page of a host
def _weigh_text(vocabulary: Vocabulary, start: str) -> tuple[float, float]:
    get = vocabulary.words.get
    found = [get(word, 0.0) for word in words_of_text(start)]
    return (sum(found) / math.sqrt(len(found)), min(found)) if found else (0.0, 0.0)


_WORD = re.compile(r"\w+")
#: Of a text, what may tell a label from a sentence.
_FIRST_CHARACTERS = 160
_FIRST_WORDS = 12


def words_of_text(text: str) -> tuple[str, ...]:
    """Return the first words of ``text``, each once, in lower case; "#" for numbers.

    >>> words_of_text("31 December: read more, and more")
    ('#', 'december', 'read', 'more', 'and')
    """
    return _words(text[:_FIRST_CHARACTERS])


@lru_cache(maxsize=8_000)
def _words(start: str) -> tuple[str, ...]:
    words = _WORD.findall(start.lower())[:_FIRST_WORDS]
    return tuple(dict.fromkeys("#" if word.isdigit() else word for word in words))
