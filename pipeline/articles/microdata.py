"""Microdata: the same vocabulary as JSON-LD, written on the elements that a reader sees.

An element with ``itemscope`` is an object, one with ``itemprop`` a value of the nearest
object above it (HTML, 5.2). Old templates name properties and no object; then they belong
to the page.
"""

import re
from itertools import islice
from typing import cast

from lxml import etree

from pipeline.articles.json_ld import Json, text_in
from pipeline.articles.tree import pieces_of, squeezed
from pipeline.text import fold

_MARKED = etree.XPath("//@itemprop/.. | //@itemscope/..")  # twice as fast as a predicate
#: More are a list of products or of comments.
_MOST_MARKED = 400
_ARTICLE_TYPE = re.compile(r"schema\.org/(?:\w*Article|\w*Posting|Report)\s*$", re.IGNORECASE)
_READ = frozenset(
    ["headline", "name", "author", "creator", "publisher", "image", "inLanguage", "url"]
) | {"isAccessibleForFree", "datePublished", "dateModified"}
_ADDRESSES = {"a": "href", "link": "href", "img": "src", "object": "data", "area": "href"}
_Objects = dict[object, Json]  # by the element that holds it; None: the page
#: Characters of a value; texts of articles are read elsewhere.
_LONGEST = 1_000
_MOST_PIECES = 50  # runs of text


def read_microdata(root: etree._Element, titles: set[str]) -> Json:
    """Return the article that the elements of the tree ``root`` describe; empty if none.

    Of several it is the one whose headline is one of ``titles`` (match forms), or else the
    first, unless more than one has a headline: then the page lists articles.
    """
    marked = _marked(root)
    if not marked:
        return {}
    objects: _Objects = {None: {}}
    for element in marked:
        if element.get("itemscope") is not None:
            objects[element] = {"@type": element.get("itemtype") or ""}
    for element in marked:
        _put(element, objects)
    found = [node for node in objects.values() if _ARTICLE_TYPE.search(text_in(node, "@type"))]
    fitting = [node for node in found if fold(text_in(node, "headline")) in titles]
    if fitting:
        return fitting[0]
    headed = [node for node in found if node.get("headline")]
    return (headed or found or [objects[None]])[0] if len(headed) <= 1 else {}


def _marked(root: etree._Element) -> list[etree._Element]:
    found = cast("list[etree._Element]", _MARKED(root))  # noqa: SLF001 - lxml names it so
    return found[:_MOST_MARKED]


def _put(element: etree._Element, objects: _Objects) -> None:
    names = [name for name in (element.get("itemprop") or "").split() if name in _READ]
    if not names:
        return
    own = objects.get(element)
    value: object = _value(element) if own is None else own or _value(element)
    owner = objects[next((e for e in element.iterancestors() if e in objects), None)]
    for name in names:
        values = owner.setdefault(name, [])
        if isinstance(values, list):
            values.append(value)


def _value(element: etree._Element) -> str:
    tag = str(element.tag)
    given = element.get("content") or element.get(_ADDRESSES.get(tag, "content"))
    if tag == "time":
        given = given or element.get("datetime")
    if given and tag != "a":
        return given.strip()
    text = "".join(islice(pieces_of(element), _MOST_PIECES))
    return squeezed(text[:_LONGEST]) or (given or "").strip()
