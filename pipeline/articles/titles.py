"""The headline, without the name of the outlet and of the section.

A page tells it up to six times, and in a third of all pages not alike: search engines and
networks get another wording than readers. What readers see, the h1, is the headline, unless
it is the outlet's logo or the name of a section: of several h1 the likeliest is the one most
like what is declared, and one that is like nothing declared must be as long as a headline.
A kicker that stands in the h1 is left out where the declared headline goes without it, and
so is a line beneath. Two declarations of a news article that agree on another wording
outvote an h1 of nearly the same words that nothing declared confirms.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from urllib.parse import unquote

from lxml import etree

from pipeline.articles.declared import Declared
from pipeline.articles.headings import (
    LONGEST_HEADING,
    Wording,
    names_logo,
    read_heading,
    read_headings,
)
from pipeline.articles.json_ld import text_in
from pipeline.articles.names import PLACING, names_of
from pipeline.articles.sitenames import (
    SEPARATOR,
    SiteNames,
    compact,
    strip_names,
)
from pipeline.articles.tree import clean
from pipeline.model import Disagreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The headline and where it was read; empty if there is none."""

    text: str = ""
    origin: str = ""  # "page" for what a reader sees, or as `Declared` has it
    disagreement: Disagreement | None = None  # with a declared one of quite other words


def find_title(root: etree._Element, declared: Declared, names: SiteNames, url: str = "") -> Title:
    """Return the headline of the page at ``url``, whose outlet is known by ``names``."""
    logos, headings = read_headings(root)
    names = names.with_names(*logos)
    said = list(_declared(declared, names))
    shown = [_named(heading, names) for heading in headings if not names.known(heading.text)]
    heading, likeness = _likeliest(shown, said)
    if heading and likeness < _UNLIKE and said and _is_label(heading):
        heading = next((other for other in shown if not _is_label(other)), None)
    if heading and likeness < _UNLIKE and (named := _named_by_address(url, heading, said)):
        return Title(
            text=named.text, origin=named.origin, disagreement=_disagreement(named, [heading])
        )
    heading = heading or _lower_heading(root, said) or _shown_part(root, said)
    if heading is None:
        taken = next(chain(said, headings, _named_title(root)), Wording("", ""))
        return Title(text=taken.text, origin=taken.origin)
    shared = compact(strip_names(declared.meta.get("og:title", ""), names))
    if heading.form == shared:
        taken = _best_spelled(heading, said)
    else:
        taken = _without_kicker(heading, said) or _outvoted(heading, said, declared) or heading
    return Title(text=taken.text, origin=taken.origin, disagreement=_disagreement(taken, said))


def _named(heading: Wording, names: SiteNames) -> Wording:
    return replace(heading, text=names.stripped(heading.text), raw=heading.text)


# --- what is declared ------------------------------------------------------

_TITLE_METAS = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title")


def _declared(declared: Declared, names: SiteNames) -> Iterator[Wording]:
    """Return the declared headlines without the outlet's name, the most careful first."""
    found = [(text_in(node, "headline"), origin) for node, origin in declared.objects]
    found += [(declared.meta.get(name, ""), "meta") for name in _TITLE_METAS]
    found.append((declared.page_title, "title"))
    for text, origin in found:
        said = Wording(strip_names(text[:LONGEST_HEADING], names), origin, text[:LONGEST_HEADING])
        if said.form and said.form not in names.forms:
            yield said


# --- which of them ---------------------------------------------------------

#: Likeness below which a heading and a declared title have only letters in common.
_UNLIKE = 0.25
#: Characters and words from which a heading is no section's name.
_SURELY_HEADLINE = 25
_HEADLINE_WORDS = 4
#: By so much must a later heading be more like the declared titles than an earlier one.
_CLEARLY = 0.1


def _likeliest(shown: list[Wording], said: list[Wording]) -> tuple[Wording | None, float]:
    """Return the heading most like a declared title, the first of equals, and its likeness."""
    best, likeness = None, -1.0
    for heading in shown:
        alike = max((_likeness(heading.form, other.form) for other in said), default=1.0)
        if alike > likeness + (_CLEARLY if best else 0):
            best, likeness = heading, alike
    return best, likeness


def _likeness(one: str, other: str) -> float:
    """Return the share of common letter triples (Dice), 0–1."""
    if one == other:
        return 1.0
    first, second = _triples(one), _triples(other)
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def _triples(form: str) -> set[str]:
    return {form[at : at + 3] for at in range(len(form) - 2)}


def _is_label(heading: Wording) -> bool:
    """Tell whether ``heading``, unlike all that is declared, may name a section or a list."""
    return len(heading.text) < _SURELY_HEADLINE and len(heading.text.split()) < _HEADLINE_WORDS


#: By so much must the address be more like a declared title than like the heading.
_MUCH_MORE = 0.3


def _named_by_address(url: str, heading: Wording, said: list[Wording]) -> Wording | None:
    """Return the declared title from which the last part of ``url`` was made."""
    slug = compact(max(unquote(url.partition("://")[2]).split("/")[1:], key=len, default=""))
    best = max(said, key=lambda other: _likeness(slug, other.form), default=heading)
    gain = _likeness(slug, best.form) - _likeness(slug, heading.form)
    return best if gain >= _MUCH_MORE else None


#: Lower headings that are looked through: behind them stand teasers.
_LOWER = 12
_PART = 0.5


def _lower_heading(root: etree._Element, said: list[Wording]) -> Wording | None:
    """Return the h2 or h3 that is a declared title, or makes up most of one."""
    for element in islice(root.iter("h2", "h3"), _LOWER):
        heading = read_heading(element)
        for other in said:
            is_part = other.form.startswith(heading.form) or other.form.endswith(heading.form)
            if heading.form and is_part and len(heading.form) >= len(other.form) * _PART:
                return heading
    return None


#: Elements in which pages without headings put a headline.
_PLAIN = ("b", "strong", "font", "span", "div", "td", "p", "big", "center", "h4")
_MOST_PLAIN = 400


def _shown_part(root: etree._Element, said: list[Wording]) -> Wording | None:
    """Return the longest part of a page's title that stands in the page by itself."""
    parts = {compact(part) for other in said for part in SEPARATOR.split(other.raw)}
    plain = (e for e in islice(root.iter(*_PLAIN), _MOST_PLAIN) if e.text and not len(e))
    texts = (
        clean(element.text or "") for element in plain if len(element.text or "") <= LONGEST_HEADING
    )
    found = [Wording(text, "page") for text in texts if len(text.split()) >= _FEWEST_WORDS]
    return max(
        (one for one in found if one.form in parts), key=lambda one: len(one.form), default=None
    )


_TITLE_NAME = re.compile(r"title|headline|heading|ba[sş]l[iı][kq]|zagolovok", re.IGNORECASE)


def _named_title(root: etree._Element) -> Iterator[Wording]:
    """Return the texts of elements that are named for a headline, where nothing else is one."""
    for element in root.iter(*_PLAIN, "a"):
        names = names_of(element, PLACING)
        if _TITLE_NAME.search(names) and not names_logo(names):
            said = read_heading(element)
            if len(said.text.split()) >= _FEWEST_WORDS and len(said.text) <= LONGEST_HEADING:
                yield said


#: Share of the heading that its headline has at least.
_MAIN_SHARE = 0.35
#: Words of a headline; what is shorter may be a kicker itself.
_FEWEST_WORDS = 3
_BEHIND_KICKER = re.compile(r"[:|/»·•–—―-]\W*$")


def _without_kicker(heading: Wording, said: list[Wording]) -> Wording | None:
    """Return the declared title to which ``heading`` adds a kicker or a line beneath.

    A kicker is one if it stands in an element of its own or before a mark.
    """
    for other in said:
        is_long = len(other.form) >= len(heading.form) * _MAIN_SHARE
        if not is_long or len(other.text.split()) < _FEWEST_WORDS or other.form == heading.form:
            continue
        if other.form in heading.borders or _is_behind_kicker(heading, other):
            return other
    return None


def _is_behind_kicker(heading: Wording, other: Wording) -> bool:
    if not heading.form.endswith(other.form) or not heading.text.endswith(other.text[-1:]):
        return False
    return bool(_BEHIND_KICKER.search(heading.text[: -len(other.text)]))


#: Likeness from which two titles differ in a word or two.
_SLIGHTLY = 0.75


def _best_spelled(heading: Wording, said: list[Wording]) -> Wording:
    """Return ``heading``, or the same letters with more blanks: templates lose those in an h1."""
    same = (other for other in said if other.form == heading.form)
    return max((heading, *same), key=lambda one: len(one.text.split()))


def _outvoted(heading: Wording, said: list[Wording], declared: Declared) -> Wording | None:
    """Return the title on which JSON-LD and the meta elements of a news article agree."""
    if not declared.is_news or not said or said[0].origin != "json-ld":
        return None
    first = said[0]
    is_near = first.form in heading.form or heading.form in first.form
    is_near = is_near or _likeness(first.form, heading.form) >= _SLIGHTLY
    agreed = any(other.form == first.form for other in said if other.origin == "meta")
    if heading.form in first.form and any(other.form == heading.form for other in said):
        return None  # it adds a kicker that the page's own title goes without
    return first if is_near and agreed else None


def _disagreement(taken: Wording, said: Iterable[Wording]) -> Disagreement | None:
    other = next(iter(said), None)
    if other is None or other.origin == taken.origin:
        return None
    if _likeness(taken.form, other.form) >= _UNLIKE:
        return None
    return Disagreement(
        about="title",
        taken=taken.text,
        taken_from=taken.origin,
        other=other.text,
        other_from=other.origin,
    )
