"""Which people, places, bodies and events of the topic an article names.

The spellings come from the `Topic`, in the language of patterns; this module knows no
name. "Heydər Əliyevin", "Гейдара Алиева" and "Haydar Aliyev'in" are one entity.

One pass over the words: the first letters of a word lead to the few spellings that may
begin there, the longest of which wins, so that a foundation named after a person is not
the person. An expression for each spelling was weighed and left out: there are some five
hundred, and an article names ten. Words are compared in the match form; the form that is
told is as written.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from pipeline.model import Article, EntityMention, Topic
from pipeline.patterns import STEM_LETTERS, PatternForm, PatternWord, parse_pattern
from pipeline.text import fold

#: Letters that an ending may add, as in `relevance`.
ENDING_LETTERS = 30
#: Characters between two words of a name: `. `, ` «` and the like.
GAP_CHARACTERS = 4


def find_entities(article: Article, topic: Topic) -> tuple[EntityMention, ...]:
    """Return the entities that ``article`` names, those of the title first, then as they come.

    Raises ValueError for a topic with a spelling that `parse_pattern` refuses.
    """
    if not topic.entities:
        return ()
    index = _index(topic)
    in_title = list(_named(article.title, index))
    counts: dict[str, int] = defaultdict(int)
    forms: dict[str, str] = {}
    for entity_id, form in [*in_title, *_named(article.text, index)]:
        counts[entity_id] += 1
        forms.setdefault(entity_id, form)
    titled = {entity_id for entity_id, _ in in_title}
    return tuple(
        EntityMention(
            entity_id=entity_id,
            count=counts[entity_id],
            form=form,
            in_title=entity_id in titled,
        )
        for entity_id, form in forms.items()
    )


# --- spellings, ready to be found ------------------------------------------


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One way to write an entity, without words that may be missing."""

    entity_id: str
    words: tuple[tuple[PatternForm, ...], ...]  # their forms are match forms

    @property
    def length(self) -> tuple[int, int]:
        """By this the longest is told: words, then letters."""
        return len(self.words), sum(min(len(form.text) for form in word) for word in self.words)


_Index = dict[str, tuple[_Spelling, ...]]


@lru_cache(maxsize=8)  # one topic in production; tests come with a few
def _index(topic: Topic) -> _Index:
    """Return the spellings by the first letters of their first words, the longest first."""
    by_key: dict[str, set[_Spelling]] = defaultdict(set)
    for entity in topic.entities:
        for phrase in entity.spellings:
            for spelling in _spellings(entity.id, phrase.pattern):
                for form in spelling.words[0]:
                    by_key[form.text[:STEM_LETTERS]].add(spelling)
    return {
        key: tuple(sorted(found, key=lambda one: (one.length, one.entity_id), reverse=True))
        for key, found in by_key.items()
    }


def _spellings(entity_id: str, pattern: str) -> Iterator[_Spelling]:
    """Yield the pattern with and without each word that may be missing."""
    choices = [
        ((), (_folded(word),)) if word.optional else ((_folded(word),),)
        for word in parse_pattern(pattern)
    ]
    for chosen in product(*choices):
        yield _Spelling(entity_id, tuple(forms for words in chosen for forms in words))


def _folded(word: PatternWord) -> tuple[PatternForm, ...]:
    return tuple(PatternForm(fold(form.text), form.any_ending) for form in word.forms)


# --- words of an article ---------------------------------------------------

#: Letters and digits with the marks upon them and the joiners between them.
_WORD = re.compile("[^\\W_]+(?:[\u0300-\u036f\u064b-\u065f\u0670\u00ad\u200c\u200d]+[^\\W_]*)*")
_APOSTROPHES = "'’‘ʼʻ`´"
#: Letters before an apostrophe that make what follows an ending: fewer are an article or a
#: preposition, as in *l'Azerbaïdjan* and *qu'Aliyev*.
_STEM = 3


class _Words:
    """The words of a text: as written, in the match form, and what stands between them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = list(_WORD.finditer(text))
        self.folded = _folded_words([one[0] for one in self._found])

    def __len__(self) -> int:
        return len(self.folded)

    def is_ending(self, at: int) -> bool:
        """Tell whether an apostrophe parts the word from a stem before it, as in Turkish."""
        start = self._found[at].start()
        before = self._text[max(0, start - 1 - _STEM) : start]
        return len(before) > _STEM and before[-1] in _APOSTROPHES and before[:-1].isalpha()

    def is_joined(self, at: int) -> bool:
        """Tell whether hardly anything stands between the word and the one before it."""
        between = self._text[self._found[at - 1].end() : self._found[at].start()]
        return len(between) <= GAP_CHARACTERS and "\n\n" not in between

    def form(self, start: int, end: int) -> str:
        """Return the words from ``start`` to before ``end`` as written, on one line."""
        written = self._text[self._found[start].start() : self._found[end - 1].end()]
        return " ".join(written.split())


def _folded_words(written: Sequence[str]) -> Sequence[str]:
    """Return their match forms: at once, which is far cheaper, unless one falls apart or away."""
    folded = fold(" ".join(written)).split(" ")
    if len(folded) == len(written):
        return folded
    forms = {word: fold(word) for word in set(written)}
    return [forms[word] for word in written]


def _named(text: str, index: _Index) -> Iterator[tuple[str, str]]:
    """Yield each entity named in ``text``, with the form as written."""
    words = _Words(text)
    at = 0
    while at < len(words):
        found = _longest(index, words, at)
        if found is None:
            at += 1
            continue
        entity_id, end = found
        yield entity_id, words.form(at, end)
        at = end


def _longest(index: _Index, words: _Words, at: int) -> tuple[str, int] | None:
    """Return the entity whose name begins at ``at``, and the place after it; None: none does."""
    spellings = index.get(words.folded[at][:STEM_LETTERS])
    if spellings is None or words.is_ending(at):
        return None
    for spelling in spellings:
        end = _end(spelling, words, at)
        if end is not None:
            return spelling.entity_id, end
    return None


def _end(spelling: _Spelling, words: _Words, at: int) -> int | None:
    """Return the place after the words of ``spelling`` that begin at ``at``; None: others do."""
    for n, forms in enumerate(spelling.words):
        while n and at < len(words) and words.is_ending(at):
            at += 1
        if at >= len(words) or not _fits(words.folded[at], forms):
            return None
        if n and not words.is_joined(at):
            return None
        at += 1
    return at


def _fits(word: str, forms: Iterable[PatternForm]) -> bool:
    return any(
        word == form.text
        or (
            form.any_ending
            and word.startswith(form.text)
            and len(word) <= len(form.text) + ENDING_LETTERS
        )
        for form in forms
    )
