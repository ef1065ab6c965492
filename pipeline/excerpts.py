"""How much is quoted of an article: excerpts, not copies.

Every word of an outlet that a digest shows passes here before it becomes a part of the
`Digest`, so no rendering of it (page, Markdown, JSON, feed, mail) can quote more. Words
are counted against the article that they are linked to, each time another excerpt of it
is shown; what is shown twice is quoted once, be it as a part of more.
"""

import re
from functools import lru_cache
from itertools import accumulate, takewhile

from pipeline.summaries import MOST_QUOTED
from pipeline.text import words

#: Words of a title that are shown: no honest title is longer, and some pages make their
#: first paragraph the title.
LONGEST_TITLE = 30

#: Scripts that put no blank between words; a word of them is about two characters.
_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)

#: Characters from which what looks like one word counts as several.
_LONG_WORD = 40


@lru_cache(maxsize=16_384)  # a title is counted when it is cut, and when it is quoted
def count_words(text: str) -> int:
    """Count the words of a quotation, none of them below what a reader would count.

    >>> count_words("Bakı'da 31 dekabr"), count_words("团结日庆祝活动"), count_words("x" * 400)
    (3, 4, 10)
    """
    dense = len(_DENSE.findall(text))
    spaced = _DENSE.sub(" ", text)
    long = sum((len(token) - 1) // _LONG_WORD for token in spaced.split())
    return max(len(words(spaced)), len(spaced.split())) + long + (dense + 1) // 2


def cut_words(text: str, most: int) -> str:
    """Return the beginning of ``text``, at most ``most`` words of it, cut at a blank if it can be.

    >>> cut_words("one two three four", 3), cut_words("one two", 3)
    ('one two three…', 'one two')
    """
    if count_words(text) <= most:
        return text
    tokens = text.split()
    lengths = accumulate(map(count_words, tokens))
    kept = list(takewhile(lambda pair: pair[1] <= most, zip(tokens, lengths, strict=True)))
    if not kept:
        return f"{text[:_LONG_WORD]}…"
    return " ".join(token for token, _ in kept).rstrip(",;:–—-") + "…"


class Quota:
    """What may still be quoted of each article, by its address."""

    def __init__(self) -> None:
        self._quoted: dict[str, set[str]] = {}

    def admits(self, url: str, text: str) -> bool:
        """Take ``text`` of ``url`` into account, and tell whether it may be shown."""
        shown = self._quoted.setdefault(url, set())
        part = text.strip("… ")
        if any(part in one for one in shown):
            return True
        if sum(map(count_words, shown)) + count_words(text) > MOST_QUOTED:
            return False
        shown.add(text)
        return True
