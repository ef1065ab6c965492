"""What stands on a page where sources.yaml says that it stands.

Whoever has looked at an outlet's pages knows better than any rule for all of them. But
outlets rebuild their pages, so a selector that finds nothing is named, and its part is
read as on any other page.

soupsieve needs BeautifulSoup's model of the whole page, which costs more than all else
that is read of it; only sources with selectors pay for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bs4 import BeautifulSoup, Tag
from lxml import etree

from pipeline.articles.tree import clean
from pipeline.model import ArticleSelectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What the selectors found; empty where there was no selector, or it found nothing."""

    title: str = ""
    byline: str = ""  # names are parted by commas
    published: tuple[str, ...] = ()  # as written, the best first: attributes, then what is seen
    content: str = ""  # HTML: the elements that hold the text, each in a div
    idle: tuple[str, ...] = ()  # "title", "text" …: the selectors that found nothing


def choose(selectors: tuple[ArticleSelectors, ...], fetched_on: date) -> ArticleSelectors | None:
    """Return the selectors for a page fetched on that day; None if there are none.

    >>> old, new = ArticleSelectors(until=date(2024, 6, 30), text="td"), ArticleSelectors(text="p")
    >>> [choose((old, new), day).text for day in (date(2024, 6, 30), date(2024, 7, 1))]
    ['td', 'p']
    """
    fitting = (one for one in selectors if one.until is None or fetched_on <= one.until)
    return next(fitting, None)


#: Elements of a page that is modelled: so many take half a second. Live blogs have some thousands.
MOST_ELEMENTS = 20_000


def read_selected(root: etree._Element, selectors: ArticleSelectors) -> Selected:
    """Return what ``selectors`` find in the tree ``root`` of a page; changes nothing.

    In a page of more than `MOST_ELEMENTS` they find nothing.
    """
    if any(number >= MOST_ELEMENTS for number, _ in enumerate(root.iter())):
        return Selected(idle=_expected(selectors))
    markup = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    soup = BeautifulSoup(markup, "lxml")
    _drop(soup.find_all(_UNSEEN))
    title = _title(soup, selectors.title)
    byline = ", ".join(_names(soup, selectors.byline))
    published = _moments(soup, selectors.published)
    content = _content(soup, selectors)
    found = {"title": title, "text": content, "byline": byline, "published": published}
    return Selected(
        title=title,
        byline=byline,
        published=published,
        content=content,
        idle=tuple(name for name in _expected(selectors) if not found[name]),
    )


def _expected(selectors: ArticleSelectors) -> tuple[str, ...]:
    """Return the names of the selectors that should find something."""
    named = ("title", "text", "byline", "published")  # nothing to remove is no fault
    return tuple(name for name in named if getattr(selectors, name) is not None)


#: Elements that never hold words of an article, here as on any other page.
_UNSEEN = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas",
    "audio", "video", "select", "textarea", "datalist", "dialog", "figcaption",
)  # fmt: skip


def _drop(tags: Sequence[Tag]) -> None:
    for tag in tags:
        if not tag.decomposed:  # it lay within another one
            tag.decompose()


#: Elements that are looked at of those that a selector finds: a page has few signatures.
_MOST_FOUND = 20


def _found(soup: BeautifulSoup, selector: str | None) -> Sequence[Tag]:
    return soup.select(selector, limit=_MOST_FOUND) if selector else ()


def _title(soup: BeautifulSoup, selector: str | None) -> str:
    return next(filter(None, map(_said, _found(soup, selector))), "")


def _names(soup: BeautifulSoup, selector: str | None) -> list[str]:
    """Return each name of a byline once; pages repeat it for small screens."""
    return list(dict.fromkeys(filter(None, map(_said, _outermost(_found(soup, selector))))))


def _said(tag: Tag) -> str:
    """Return what an element shows, or else what it holds for machines."""
    for line_break in tag.find_all("br"):  # it parts words
        line_break.insert_after("\n")
    return clean(tag.get_text()) or _attribute(tag, "content")


def _moments(soup: BeautifulSoup, selector: str | None) -> tuple[str, ...]:
    """Return how the first element that tells anything tells it, each way once."""
    for tag in _found(soup, selector):
        around = [tag, *tag.find_all("time")]
        marked = [_attribute(one, name) for one in around for name in ("datetime", "content")]
        if told := tuple(dict.fromkeys(filter(None, [*marked, _said(tag)]))):
            return told
    return ()


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return clean(value) if isinstance(value, str) else ""


# --- the text ---------------------------------------------------------------


def _content(soup: BeautifulSoup, selectors: ArticleSelectors) -> str:
    """Return what holds the text as HTML; empty if it holds none."""
    parts = _outermost(soup.select(selectors.text)) if selectors.text else []
    for part in parts:
        if selectors.remove:
            _drop(part.select(selectors.remove))
    return "".join(f"<div>{_html(part)}</div>" for part in parts if part.get_text(strip=True))


#: What is nothing outside of a table.
_CELLS = frozenset(["td", "th"])


def _html(part: Tag) -> str:
    return part.decode_contents() if part.name in _CELLS else str(part)


def _outermost(tags: Sequence[Tag]) -> list[Tag]:
    """Leave out the elements that lie within others."""
    chosen = set(map(id, tags))
    return [tag for tag in tags if chosen.isdisjoint(map(id, tag.parents))]
