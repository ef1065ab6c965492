"""What a page says of itself for machines: JSON-LD and meta elements."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.articles.tree import clean, sound

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Declared:
    """What was found; empty where the page does not say."""

    article: Json  # the JSON-LD object of the article
    meta: dict[str, str]  # the first content of each meta name, in lower case

    @property
    def body(self) -> str:
        """The article's text as JSON-LD carries it."""
        body = self.article.get("articleBody")
        return sound(body).strip() if isinstance(body, str) else ""

    @property
    def is_article(self) -> bool:
        """Whether the page calls itself an article."""
        return bool(self.article) or self.meta.get("og:type", "").lower() in {"article", "news"}


def read_declared(root: etree._Element) -> Declared:
    """Read what the tree ``root`` declares; changes nothing."""
    return Declared(_article_node(_read_json_ld(root)), _read_meta(root))


# --- JSON-LD ---------------------------------------------------------------

_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Blog|Review|Recipe)$")
#: More objects than this are a product list, not an article's description.
_MOST_NODES = 500
#: The graph of an article is four or five levels deep.
_DEEPEST = 8
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


def _read_json_ld(root: etree._Element) -> list[Json]:
    found: list[Json] = []
    for script in root.iter("script"):
        kind = (script.get("type") or "").strip().lower()
        if kind.startswith("application/ld+json") and script.text:
            found.extend(_objects(_load(script.text), _DEEPEST))
    return found[:_MOST_NODES]


def _load(text: str) -> object:
    """Parse JSON as pages write it: in comments, with commas too many, with line breaks."""
    for mend in (str.strip, _without_comments, _without_trailing_commas):
        text = mend(text)
        try:
            # strict=False: line breaks and tabs inside strings, as editors leave them
            loaded: object = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        return loaded
    return _salvage(text)


def _without_comments(text: str) -> str:
    return _COMMENT.sub("", _COMMENT.sub("", text)).strip().rstrip(";")


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


_FIELD = re.compile(r'"(headline|datePublished|articleBody|inLanguage)"\s*:\s*"((?:[^"\\]|\\.)*)"')


def _salvage(text: str) -> Json:
    """Pick the plain fields out of JSON that does not parse."""
    found: Json = {"@type": "Article"}
    for name, value in _FIELD.findall(text):
        try:
            found.setdefault(name, json.loads(f'"{value}"', strict=False))
        except ValueError:  # a broken escape: the field is lost, the others are not
            continue
    return found if len(found) > 1 else {}


def _objects(value: object, depth: int) -> Iterator[Json]:
    if depth == 0:
        return
    if isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _objects(value.get(name), depth - 1)
    elif isinstance(value, list):
        for item in value[:_MOST_NODES]:
            yield from _objects(item, depth - 1)


def _article_node(nodes: Iterable[Json]) -> Json:
    """Return the first object that is an article and has a headline, a text or a date."""
    for node in nodes:
        kinds = node.get("@type")
        named = kinds if isinstance(kinds, list) else [kinds]
        is_article = any(isinstance(k, str) and _ARTICLE_TYPE.search(k) for k in named)
        if is_article and any(node.get(n) for n in ("headline", "articleBody", "datePublished")):
            return node
    return {}


def text_in(node: Json, name: str) -> str:
    """Return the text that ``node`` gives under ``name``, the first of several; empty if none."""
    value = node.get(name)
    if isinstance(value, list) and value:
        value = value[0]
    return clean(value) if isinstance(value, str) else ""


# --- meta ------------------------------------------------------------------


def _read_meta(root: etree._Element) -> dict[str, str]:
    """Return the first content of each meta name, in lower case."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = meta.get("content")
        if not content:
            continue
        names = meta.get("property"), meta.get("name"), meta.get("itemprop"), meta.get("http-equiv")
        for name in names:
            if name:
                found.setdefault(name.strip().lower(), clean(content))
    return found
