"""The digest's own words, in each language that there is a file for.

The words are not in code: they are in words/<language>.toml, where a text has braces to
be filled in. A text that depends on a count is a table of its forms, which the file
names by the categories of Unicode's CLDR; which of them fits a count is grammar, and
grammar is a function here, named by the file. Numbers and dates are written as the
file's language writes them.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pipeline.errors import ConfigError

#: In which the digest can be written.
LANGUAGES = ("az", "en", "ru", "tr")

#: Russian writes no separator into four digits: 1284, but 12 840.
_SHORT_NUMBER = 10_000

#: Languages with a dotted and a dotless i.
_DOTTED = ("az", "tr")
_DOTTED_SMALL = str.maketrans("İI", "iı")


@dataclass(frozen=True, slots=True)
class Words:
    """The digest's own words in one language."""

    entries: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """Return the text ``key`` with its braces filled in."""
        return self.entries[key].format_map(values)

    def count(self, key: str, n: int, **values: str) -> str:
        r"""Return the text ``key`` in the form that fits ``n``.

        >>> load_words().count("count.articles", 1284)
        '1,284 articles'
        >>> [load_words("ru").count("count.articles", n) for n in (21, 3, 11)]
        ['21\xa0статья', '3\xa0статьи', '11\xa0статей']
        """
        form = PLURALS[self.entries["plural"]](n)
        return self.say(f"{key}.{form}", n=self.number(n), **values)

    def number(self, n: int) -> str:
        """Write ``n`` with its thousands parted."""
        if self.entries["thousands"] == "\N{NO-BREAK SPACE}" and abs(n) < _SHORT_NUMBER:
            return str(n)
        return f"{n:,}".replace(",", self.entries["thousands"])

    def percent(self, n: int) -> str:
        """Write ``n`` per cent.

        >>> load_words().percent(16), load_words("tr").percent(16)
        ('16%', '%16')
        """
        return self.say("percent", n=self.number(n))

    def signed(self, text: str, n: int) -> str:
        """Put the sign of ``n`` before ``text``; a minus as print writes it."""
        return f"{'+' if n > 0 else '−'}{text}"

    def lowered(self, text: str) -> str:
        """Write a name that begins with a capital as it stands within a sentence.

        >>> [load_words(code).lowered("Istiqlal İli") for code in ("en", "az")]
        ['istiqlal İli', 'ıstiqlal İli']
        """
        first, rest = text[:1], text[1:]
        if self.entries["language"] in _DOTTED:
            first = first.translate(_DOTTED_SMALL)
        return first.lower() + rest

    def name(self, group: str, key: str) -> str:
        """Return the name of ``key`` in ``group``, or ``key`` itself if it has none."""
        return self.entries.get(f"{group}.{key}", key)


@cache
def load_words(language: str = "en") -> Words:
    """Return the words that come with the package for ``language``.

    Raises:
        ConfigError: there are none.
    """
    if language not in LANGUAGES:
        raise ConfigError(f"no digest in {language!r}; choose one of {', '.join(LANGUAGES)}")
    file = resources.files("pipeline") / "words" / f"{language}.toml"
    return Words(dict(_flat(tomllib.loads(file.read_text("utf-8")))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield from ((f"{prefix}{key}.{n}", entry) for n, entry in enumerate(value, 1))
        else:
            yield f"{prefix}{key}", value


# --- which form fits a count (CLDR, language plural rules) ------------------


def _one_or_other(n: int) -> str:
    """English: 1 article, 2 articles."""
    return "one" if n == 1 else "other"


def _one_few_many(n: int) -> str:
    """Russian: 1, 21 статья · 2, 23 статьи · 5, 11, 12 статей."""
    last, last_two = n % 10, n % 100
    if last == 1 and last_two != 11:  # noqa: PLR2004 - the rule itself
        return "one"
    if last in {2, 3, 4} and last_two not in {12, 13, 14}:
        return "few"
    return "many"


def _other(_n: int) -> str:
    """Azerbaijani, Turkish: a counted noun stands in the singular, 1 məqalə, 5 məqalə."""
    return "other"


PLURALS: Mapping[str, Callable[[int], str]] = {
    "one other": _one_or_other,
    "one few many": _one_few_many,
    "other": _other,
}

#: The forms that each rule needs.
FORMS: Mapping[str, frozenset[str]] = {rule: frozenset(rule.split()) for rule in PLURALS}
