"""The headings of a page as a reader sees them.

An h1 holds more than the headline: a kicker above it, a line beneath, marks for screen
readers, the furigana of Japanese; and in half of all blogs the first one is the logo.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from pipeline.articles.names import PLACING, names_of
from pipeline.articles.sitenames import compact, leads_home
from pipeline.articles.tree import clean, text_of


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a headline."""

    text: str
    origin: str
    raw: str = ""  # before the outlet's name was cut off
    borders: frozenset[str] = frozenset()  # forms of what stands before or behind inner elements
    form: str = field(init=False)  # letters and digits of the match form

    def __post_init__(self) -> None:
        object.__setattr__(self, "form", compact(self.text))


#: A page with more has made each of its teasers one.
_MOST_HEADINGS = 60
#: Characters; more is a text that was put into a heading.
LONGEST_HEADING = 600
#: The same before blanks are squeezed: templates indent.
_LONGEST_RAW = 5_000


def read_headings(root: etree._Element) -> tuple[list[str], list[Wording]]:
    """Return the texts of the h1 elements that are logos, and of the others."""
    logos, others = [], []
    for element in islice(root.iter("h1"), _MOST_HEADINGS):
        said = read_heading(element)
        if not said.form or len(said.text) > LONGEST_HEADING:
            continue
        if _leads_home(element) or names_logo(names_of(element, PLACING)):
            logos.append(said.text)
        others.append(said)
    return logos, [said for said in others if said.text not in logos]


def _leads_home(heading: etree._Element) -> bool:
    """Tell whether all that ``heading`` holds is a link to the front page."""
    links = list(heading.iter("a"))
    above = heading.getparent()
    if above is not None and above.tag == "a":
        links.append(above)
    return bool(links) and all(map(leads_home, links))


_LOGO = re.compile(r"(?<![a-z])(?:logo|site-?(?:title|name)|brand)(?![a-z])", re.IGNORECASE)


def names_logo(names: str) -> bool:
    """Tell whether an element of those ``names`` is the logo of its site."""
    return bool(_LOGO.search(names))


_UNSEEN_TAGS = frozenset(["script", "style", "svg", "rt", "rp", "noscript", "button", "template"])
_UNSEEN = re.compile(
    r"(?<![a-z])(?:sr-only|visually-?hidden|screen-?reader|kicker|overline|topline|over-?title|"
    r"dachzeile|eyebrow|pre-?title|supertitle|roofline|permalink|anchor-?link|header-?link|edit-?section)",
    re.IGNORECASE,
)  # fmt: skip
#: Kicker, headline, the line beneath, a mark or two.
_MOST_BORDERS = 12
#: Elements; of more it is no heading, but an h1 that was never closed.
_MOST_PARTS = 200
#: They stand within words and part none.
_INLINE = frozenset(
    ["a", "abbr", "b", "em", "font", "i", "mark", "rb", "ruby", "strong", "sub", "sup", "u", "wbr"]
)


def read_heading(heading: etree._Element) -> Wording:
    """Return what ``heading`` says to a reader, without its kicker; empty if it is a text."""
    if not len(heading):
        return Wording(clean((heading.text or "")[:_LONGEST_RAW]), "page")
    if sum(1 for _ in islice(heading.iter(), _MOST_PARTS)) == _MOST_PARTS:
        return Wording("", "page")
    raw = text_of(heading)
    if len(raw) > _LONGEST_RAW:  # an h1 that was never closed
        return Wording("", "page")
    pieces, whole = list(_pieces(heading)), clean(raw)
    text = clean("".join(pieces))
    if len(text) * 2 < len(whole):  # what is named as a kicker is the headline
        pieces = [whole]
        text = whole
    gaps = [at for at, piece in enumerate(pieces) if piece == " "][:_MOST_BORDERS]
    sides = ("".join(side) for at in gaps for side in (pieces[:at], pieces[at:]))
    return Wording(text, "page", borders=frozenset(map(compact, sides)))


def _pieces(element: etree._Element) -> Iterator[str]:
    """Return the runs of text of ``element``, with a blank where a block begins or ends."""
    yield element.text or ""
    for child in element:
        if not _is_unseen(child):
            is_inline = child.tag in _INLINE or (child.tag == "span" and not child.get("class"))
            yield "" if is_inline else " "
            yield from _pieces(child)
            yield "" if is_inline else " "
        yield child.tail or ""


def _is_unseen(element: etree._Element) -> bool:
    return (
        element.tag in _UNSEEN_TAGS
        or element.get("hidden") is not None
        or bool((names := element.get("class")) and _UNSEEN.search(names))
    )
