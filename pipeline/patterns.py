"""The pattern of a phrase → its words.

Not in `sources`, which checks the patterns of sources.yaml: the processes that read pages
need this too, and not the libraries that read and check that file, which cost each of
them 0.1 s and 11 MB.
"""

import re
from dataclasses import dataclass

#: Characters of a pattern that an error quotes, so that it stays one readable line.
_QUOTED = 60
#: Letters by which the spellings of entities are looked up; a word that takes any ending needs
#: as many.
STEM_LETTERS = 3


@dataclass(frozen=True, slots=True)
class PatternForm:
    """One way to write a word of a pattern."""

    text: str
    any_ending: bool


@dataclass(frozen=True, slots=True)
class PatternWord:
    """One word of a pattern: any of its forms."""

    forms: tuple[PatternForm, ...]
    optional: bool


#: Letters and digits of any script; the zero-width non-joiner is spelling in Persian.
_FORM = re.compile(r"[^\W_]+(?:\u200c[^\W_]+)*\*?")


def parse_pattern(pattern: str) -> tuple[PatternWord, ...]:
    """Read the pattern of a `Phrase`; raise ValueError for one that says nothing.

    >>> parse_pattern("day|days off?")[1]
    PatternWord(forms=(PatternForm(text='off', any_ending=False),), optional=True)
    """
    found = tuple(_parse_word(word) for word in pattern.split())
    if all(word.optional for word in found):
        raise ValueError(f"a pattern needs a word that must be there: {pattern[:_QUOTED]!r}")
    return found


def _parse_word(word: str) -> PatternWord:
    forms = word.removesuffix("?").split("|")
    for form in forms:
        if not _FORM.fullmatch(form):
            what = "not letters and digits, nor these with a * behind"
            raise ValueError(f"{what}: {form[:_QUOTED]!r}")
    return PatternWord(
        forms=tuple(PatternForm(form.rstrip("*"), form.endswith("*")) for form in forms),
        optional=word.endswith("?"),
    )
