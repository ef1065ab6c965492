"""Who wrote the article.

Publishers declare the author with more care than they show it, but one in ten declares the
outlet instead. Then, and where nothing is declared, we look at what is marked as the author
and at what begins with "By" behind the headline.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, dropwhile, islice

from lxml import etree

from pipeline.articles.declared import Declared
from pipeline.articles.json_ld import names_in
from pipeline.articles.names import PLACING, any_of, names_of
from pipeline.articles.people import is_office, people_in, people_in_line
from pipeline.articles.sitenames import SiteNames
from pipeline.articles.tree import clean, pieces_of


def find_byline(
    root: etree._Element, declared: Declared, names: SiteNames
) -> tuple[str, str] | None:
    """Return the authors, joined by commas, with where they were read; None if not told.

    The outlet, known by ``names``, stands as the author only where nobody else does.
    """
    outlet = None
    for given, origin in chain(_declared(declared), _shown(root)):
        if people := _joined(name for name in given if not names.known(name)):
            return people, origin
        outlet = outlet or ((_joined(given), origin) if given else None)
    return outlet


_MOST_AUTHORS = 12
#: Characters; a longer text is a biography.
_LONGEST_BYLINE = 300


def _joined(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))[:_MOST_AUTHORS]
    return ", ".join(found) if sum(map(len, found)) <= _LONGEST_BYLINE else ""


# --- declared --------------------------------------------------------------

_METAS = (
    "author", "article:author", "article:author_name", "dc.creator", "dcterms.creator", "byl",
    "parsely-author", "sailthru.author", "cxenseparse:author", "byline", "authors",
    "article.author", "og:article:author",
)  # fmt: skip


def _declared(declared: Declared) -> Iterator[tuple[list[str], str]]:
    for node, origin in declared.objects:
        for name in ("author", "creator"):
            yield people_in(names_in(node, name)), origin
    for name in _METAS:
        yield people_in(declared.metas(name)), "meta"


# --- shown -----------------------------------------------------------------

_MARK = any_of("author byline muellif yazar submitted vcard")
_NO_MARK = re.compile(
    r"author-?_?(?:bio|box|desc|info|image|img|avatar|photo|about|social|list)", re.IGNORECASE
)
_NAMING = frozenset(["class", "rel"])
_MARKED_TAGS = ("a", "span", "div", "p", "address", "li", "td", "section", "em", "strong", "b")
_ELSEWHERE = re.compile(
    r"comment|related|sidebar|caption|credit|footer|teaser|recommend|popular|latest|nav|menu|widget",
    re.IGNORECASE,
)
#: Elements marked as the author that are looked at; those further down belong to teasers.
_MOST_MARKED = 20
#: Elements behind the headline among which a byline without a mark stands.
_NEAR = 40
#: Runs of text: a label, a name, a role and an icon or two.
_PIECES = 8


def _shown(root: etree._Element) -> Iterator[tuple[list[str], str]]:
    """Return the names that a reader sees, the likeliest first, with where they stand."""
    marked = list(islice(_marked(root), _MOST_MARKED))
    links = [element for element in marked if _is_link_to_author(element)]
    for element in links:
        yield people_in([_first_texts(element)])[:1], "page"
    behind = islice(dropwhile(lambda element: element.tag != "h1", root.iter()), 1, _NEAR)
    for element in marked:
        yield people_in_line(_first_texts(element)), "page"
    for element in behind:
        text = (element.text or "").strip()
        if _BY.match(text) or is_office(text):
            yield people_in_line(_first_texts(element)), "page"
    labelled = (link for link in root.iter("a") if _LABELLED.search(_text_before(link)))
    for link in islice(labelled, _MOST_NAMED):
        if not _is_elsewhere(link):
            yield people_in([_first_texts(link)])[:1], "page"


#: What begins a byline and hardly anything else.
_BY = re.compile(
    r"(?:written |posted |words |text )?by(?:\s|:|$)|von\s+[^\W\d_]+\s|(?:par|por)\s"
    r"|(?:автор|müəllif|yazar|autor|auteur|نویسنده|خبرنگار)\w{0,3}\s*:",
    re.IGNORECASE,
)


#: A label that stands alone before a link.
_LABELLED = re.compile(
    r"(?:^|[\s|·•])(?:by|(?:автор|müəllif|yazar|autor|author|auteur|نویسنده)\w{0,3}\s*:)\s*$",
    re.IGNORECASE,
)


#: Characters in which a label ends.
_LABEL_LENGTH = 40


def _text_before(element: etree._Element) -> str:
    before, above = element.getprevious(), element.getparent()
    if before is not None:
        return (before.tail or "")[-_LABEL_LENGTH:]
    return (above.text or "")[-_LABEL_LENGTH:] if above is not None else ""


def _marked(root: etree._Element) -> Iterator[etree._Element]:
    for element in islice(_named(root), _MOST_NAMED):
        if not _is_elsewhere(element):
            yield element


#: Elements named for an author that are looked at: of a list of comments, the first ones.
_MOST_NAMED = 100


def _named(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter(*_MARKED_TAGS):
        names = names_of(element, _NAMING).lower()
        if names and _MARK.search(names) and not _NO_MARK.search(names):
            yield element


def _is_link_to_author(element: etree._Element) -> bool:
    """Tell whether ``element`` holds the author's name alone, by HTML or as an hCard."""
    classes = (element.get("class") or "").split()
    is_card = ("author" in classes and "vcard" in classes) or ("url" in classes and "fn" in classes)
    is_link = element.tag == "a" and "author" in classes
    return is_card or is_link or "author" in (element.get("rel") or "").split()


def _is_elsewhere(element: etree._Element) -> bool:
    for above in chain((element,), element.iterancestors()):
        if above.tag in {"aside", "footer", "nav", "figure", "figcaption", "blockquote"}:
            return True
        if above.tag == "body":
            return False
        if _ELSEWHERE.search(names_of(above, PLACING)):
            return True
    return False


def _first_texts(element: etree._Element) -> str:
    """Return the texts with which ``element`` begins, two blanks between them."""
    if element.tag in {"script", "style"}:
        return ""
    pieces = islice(pieces_of(element), _PIECES * 3)
    texts = (clean(piece[:_LONGEST_BYLINE]) for piece in pieces)
    return "  ".join(islice(filter(None, texts), _PIECES))[:_LONGEST_BYLINE]
