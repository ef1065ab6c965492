"""What a page says of itself for machines: JSON-LD, microdata and meta elements.

Publishers write most of it for search engines and social networks, in this order of care.
Each keeps its own place here, so that what is taken from it can be told apart.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from pipeline.articles.json_ld import (
    Json,
    article_in,
    is_news,
    read_objects,
    text_in,
    values_in,
)
from pipeline.articles.microdata import read_microdata
from pipeline.articles.tree import clean, sound, text_of
from pipeline.text import fold
from pipeline.urls import join_url


@dataclass(frozen=True, slots=True)
class Link:
    """One link element; empty where it does not say."""

    rel: str  # in lower case
    href: str
    language: str
    kind: str  # the media type


@dataclass(frozen=True, slots=True)
class Declared:
    """What was found; empty where the page does not say."""

    article: Json  # the JSON-LD object of the article
    meta: dict[str, str]  # the first content of each meta name, in lower case
    microdata: Json = field(default_factory=dict)  # the marked-up article, shaped as JSON-LD
    more: dict[str, list[str]] = field(default_factory=dict)  # a meta name's further contents
    links: tuple[Link, ...] = ()
    page_title: str = ""  # of the title element
    base: str = ""  # what relative addresses start from, if it is not the page's own

    @property
    def body(self) -> str:
        """The article's text as JSON-LD carries it."""
        body = self.article.get("articleBody")
        return sound(body).strip() if isinstance(body, str) else ""

    @property
    def is_article(self) -> bool:
        """Whether the page calls itself an article."""
        return bool(self.article) or self.meta.get("og:type", "").lower() in {"article", "news"}

    @property
    def is_news(self) -> bool:
        """Whether the page calls itself an article of a news outlet."""
        return is_news(self.article)

    @property
    def objects(self) -> tuple[tuple[Json, str], ...]:
        """The descriptions of the article with their origin, the best first."""
        return (self.article, "json-ld"), (self.microdata, "microdata")

    def metas(self, *names: str) -> Iterator[str]:
        """Return all contents of the meta ``names``, name by name."""
        for name in names:
            if name in self.meta:
                yield self.meta[name]
                yield from self.more.get(name, ())


def read_declared(root: etree._Element, url: str = "") -> Declared:
    """Read what the tree ``root`` of the page at ``url`` declares; changes nothing."""
    found: dict[str, list[etree._Element]] = {tag: [] for tag in _READ}
    for element in root.iter(*_READ):
        found[str(element.tag)].append(element)
    metas = _read_metas(found["meta"])
    meta = {name: contents[0] for name, contents in metas.items()}
    more = {name: contents[1:] for name, contents in metas.items() if len(contents) > 1}
    shown = (*found["title"], *found["h1"][:_MOST_HEADINGS])
    titles = [clean(text_of(element)[:_LONGEST_TITLE]) for element in shown]
    forms = {form for text in (*titles, meta.get("og:title", "")) if (form := fold(text))}
    scripts = [e.text for e in found["script"] if e.text and _is_json_ld(e.get("type") or "")]
    return Declared(
        article=article_in(read_objects(scripts), lambda node: _signs(node, forms, url)),
        meta=meta,
        microdata=read_microdata(root, forms),
        more=more,
        links=tuple(map(_link, found["link"])),
        page_title=next(filter(None, titles[: len(found["title"])]), ""),
        base=_base(found["base"], url),
    )


#: Headings that a declared headline may be; a page has one or two.
_MOST_HEADINGS = 60
#: Characters; an h1 that was never closed holds the whole page.
_LONGEST_TITLE = 1_000
_READ = ("script", "meta", "link", "title", "h1", "base")


def _is_json_ld(kind: str) -> bool:
    return kind.strip().lower().startswith("application/ld+json")


#: Of one meta name. Pages repeat it for a few authors, pictures or sections.
_MOST_CONTENTS = 20


def _read_metas(elements: list[etree._Element]) -> dict[str, list[str]]:
    """Return the contents of each meta name, in lower case."""
    found: dict[str, list[str]] = {}
    for meta in elements:
        content = _cleaned(meta.get("content") or meta.get("value") or "")
        if not content:
            continue
        names = meta.get("property"), meta.get("name"), meta.get("itemprop"), meta.get("http-equiv")
        for name in dict.fromkeys(name.strip().lower() for name in names if name):
            contents = found.setdefault(name, [])
            if len(contents) < _MOST_CONTENTS and content not in contents:
                contents.append(content)
    return found


def _cleaned(text: str) -> str:
    """Do as `clean`; most contents need none of it."""
    is_clean = text.isprintable() and not ("&" in text or "<" in text or "  " in text)
    return text.strip() if is_clean else clean(text)


def _link(element: etree._Element) -> Link:
    return Link(
        rel=(element.get("rel") or "").lower(),
        href=element.get("href") or "",
        language=element.get("hreflang") or "",
        kind=(element.get("type") or "").lower(),
    )


def _base(elements: list[etree._Element], url: str) -> str:
    for element in elements[:1]:
        with suppress(ValueError):  # an empty base, as templates leave it, changes nothing
            return join_url(url, element.get("href") or "")
    return ""


# --- which of several articles is the page's own ---------------------------


#: Characters; a shorter headline stands by chance in a longer title.
_SHORTEST_PART = 10


def _signs(node: Json, titles: set[str], url: str) -> int:
    """Count the signs that ``node`` is about the page at ``url`` with those ``titles``."""
    headline = fold(text_in(node, "headline"))
    is_shown = headline in titles or (
        len(headline) >= _SHORTEST_PART and any(headline in title for title in titles)
    )
    return is_shown + (_key(url) in set(map(_key, _addresses(node))) if url else 0)


def _addresses(node: Json) -> Iterator[str]:
    for name in ("url", "@id", "mainEntityOfPage"):
        for value in values_in(node, name):
            address = value.get("@id") or value.get("url") if isinstance(value, dict) else value
            if isinstance(address, str):
                yield address


def _key(url: str) -> str:
    """Return what tells the page at ``url`` from others of its host."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # no address; it is like none
        return url
    return f"{parts.path.rstrip('/')}?{parts.query}"
