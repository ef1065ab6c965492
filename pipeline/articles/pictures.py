"""The picture that a page puts first.

What is declared for social networks is the article's picture, unless the outlet declares its
logo for every page. Then the first large picture behind the headline is taken, and on old
pages, which name no sizes and have no headings, the first photograph that is no teaser.
"""

import re
from collections.abc import Iterator
from itertools import chain, dropwhile, islice

from lxml import etree

from pipeline.articles.declared import Declared
from pipeline.articles.json_ld import Json, text_in, values_in
from pipeline.articles.names import PLACING, names_of
from pipeline.articles.tree import clean
from pipeline.model import Image
from pipeline.urls import join_url

_NO_PICTURE = re.compile(
    r"(?<![a-z])(?:logo|placeholder|no-?_?(?:image|photo|foto|img|pic(?:ture)?)|default|blank|spacer|"
    r"pixel|sprite|icons?|favicon|avatar|gravatar|share-?_?(?:image|default|fallback)|fallback|"
    r"dummy|loading|lazy(?:load)?|badge|banner|advert\w*|1x1|transparent|emoji|smil(?:ey|ies))(?![a-z])",
    re.IGNORECASE,
)
_LOGO = re.compile(r"\b(?:logo|loqo|логотип|لوگو)\b", re.IGNORECASE)
_DRAWING = re.compile(r"\.(?:svg|ico)(?:[?#]|$)", re.IGNORECASE)
#: Pixels; a smaller picture is an icon, a portrait of the author or a teaser.
_SMALLEST = 300
#: Pictures behind the headline that are looked at; those further down illustrate, not lead.
_FIRST = 6
_LONGEST_ALT = 500


def find_image(root: etree._Element, declared: Declared, url: str) -> tuple[Image, str] | None:
    """Return the lead picture of the page at ``url`` with where it was read; None if none."""
    for link, given, origin in _candidates(root, declared):
        if (address := _address(link, url)) and not _LOGO.search(given):
            alt = given or _alt_shown(root, address)
            return Image(url=address, alt=clean(alt)[:_LONGEST_ALT]), origin
    return None


def _candidates(root: etree._Element, declared: Declared) -> Iterator[tuple[str, str, str]]:
    """Return address, alternative text and origin of what may be the picture, best first."""
    meta = declared.meta
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image"):
        alt = meta.get("og:image:alt") or meta.get("twitter:image:alt") or ""
        for content in declared.metas(name):
            yield content, alt, "meta"
    for node, origin in declared.objects:
        for link, alt in _described(node):
            yield link, alt, origin
    for content in declared.metas("twitter:image:src", "thumbnail", "image"):
        yield content, "", "meta"
    for element in chain(_shown(root), _photographs(root)):
        yield _source(element), element.get("alt") or "", "page"


def _described(node: Json) -> Iterator[tuple[str, str]]:
    """Return the addresses that a JSON-LD object gives for its pictures, with their texts."""
    for value in (*values_in(node, "image"), node.get("thumbnailUrl")):
        if isinstance(value, dict):
            alt = text_in(value, "caption") or text_in(value, "description")
            yield text_in(value, "url") or text_in(value, "contentUrl"), alt
        elif isinstance(value, str):
            yield value, ""


def _address(link: str, url: str) -> str:
    """Return the absolute address of a picture; empty if ``link`` leads to none."""
    link = link.strip()
    if not link or _DRAWING.search(link) or _NO_PICTURE.search(link.rpartition("/")[2]):
        return ""
    try:
        return join_url(url, link)
    except ValueError:  # data:, about:blank, a template that was not filled in
        return ""


# --- on the page -----------------------------------------------------------


def _shown(root: etree._Element) -> Iterator[etree._Element]:
    """Return the large pictures behind the headline, or else in what is marked as the article."""
    found = dropwhile(lambda element: element.tag != "h1", root.iter("h1", "img"))
    for element in islice((e for e in found if e.tag == "img"), _FIRST):
        if _is_large(element):
            yield element
    for article in root.iter("article"):
        yield from (e for e in islice(article.iter("img"), _FIRST) if _is_large(e))
        return


_PHOTOGRAPH = re.compile(r"\.(?:jpe?g|webp)(?:[?#]|$)", re.IGNORECASE)
#: Pictures of a page that are looked through for a photograph.
_MOST_PICTURES = 40
#: Pixels; an old page's photographs are small, its teasers and portraits smaller.
_SMALLEST_PHOTOGRAPH = 150


def _photographs(root: etree._Element) -> Iterator[etree._Element]:
    """Return photographs outside of furniture, which lead to nothing but themselves."""
    for element in islice(root.iter("img"), _MOST_PICTURES):
        width, height = _pixels(element, "width"), _pixels(element, "height")
        is_small = 0 < max(width, height) < _SMALLEST_PHOTOGRAPH
        if _PHOTOGRAPH.search(_source(element)) and not is_small and not _is_elsewhere(element):
            yield element


def _is_elsewhere(element: etree._Element) -> bool:
    """Tell whether the picture stands in furniture or leads to another page."""
    for above in element.iterancestors():
        href = above.get("href") if above.tag == "a" else None
        if above.tag in {"header", "footer", "nav", "aside", "li"}:
            return True
        if href and not _PHOTOGRAPH.search(href):
            return True
    return False


def _is_large(element: etree._Element) -> bool:
    if _NO_PICTURE.search(names_of(element, PLACING).replace("lazy", "")):
        return False
    above = element.getparent()
    is_lead = above is not None and above.tag in {"figure", "picture"}
    sizes = [size for size in (_pixels(element, "width"), _pixels(element, "height")) if size]
    return max(sizes) >= _SMALLEST if sizes else is_lead


def _pixels(element: etree._Element, name: str) -> int:
    found = re.match(r"\s*(\d{1,5})(?:px)?\s*$", element.get(name) or "")
    return int(found[1]) if found else 0


#: Where scripts keep the address of a picture that is loaded when it is scrolled to.
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "src")


def _source(element: etree._Element) -> str:
    for name in _LAZY:
        value = (element.get(name) or "").strip()
        if value and not value.startswith("data:"):
            if "srcset" not in name:
                return value
            if parts := value.replace(",", " ").split():
                return parts[0]
    return ""


_SIZE = re.compile(r"[-_]\d+x\d+$")
#: Characters that tell a file from others: "1200.jpg" does not.
_TELLING = re.compile(r"[^\W\d_]{3}")


def _alt_shown(root: etree._Element, address: str) -> str:
    """Return what the page says of the picture at ``address`` where it shows it, in any size."""
    folder, _, file = address.partition("?")[0].rpartition("/")
    stem = _SIZE.sub("", file.rpartition(".")[0] or file)
    last = folder.rpartition("/")[2]
    known = stem if _TELLING.search(stem) else f"/{last}/"
    if not _TELLING.search(known):
        known = f"/{last}/{file}"
    for element in root.iter("img", "amp-img"):
        alt = element.get("alt")
        if alt and any(known in (element.get(name) or "") for name in ("src", "data-src")):
            return alt
    return ""
