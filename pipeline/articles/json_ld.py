"""JSON-LD: what a page says of its article in the vocabulary of schema.org.

Pages write one block or many, an object, an array or a graph whose nodes name each other,
and the articles of a list beside their own. Templates paste texts into the JSON without
escaping them, so one block in forty does not parse: it is mended, or else its plain fields
are picked out of it.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator

from pipeline.articles.tree import clean
from pipeline.text import fold

Json = dict[str, object]

# --- the values of one object ----------------------------------------------


def text_in(node: Json, name: str) -> str:
    """Return the text that ``node`` gives under ``name``, the first of several; empty if none.

    >>> text_in({"headline": [{"@language": "en", "@value": "A day &amp; a night"}]}, "headline")
    'A day & a night'
    """
    for given in values_in(node, name):
        value = given.get("@value") if isinstance(given, dict) else given
        if isinstance(value, str) and (text := clean(value)):
            return text
    return ""


def values_in(node: Json, name: str) -> list[object]:
    """Return what ``node`` gives under ``name`` as a list, whatever it is."""
    value = node.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def names_in(node: Json, name: str) -> list[str]:
    """Return the names of those whom ``node`` lists under ``name``, each once.

    >>> names_in({"author": ["Our office", {"@type": "Person", "name": "A writer"}]}, "author")
    ['Our office', 'A writer']
    """
    found = (
        text_in(value, "name") if isinstance(value, dict) else clean(value)
        for value in values_in(node, name)
        if isinstance(value, dict | str)
    )
    return list(dict.fromkeys(filter(None, found)))


# --- bytes → objects -------------------------------------------------------

#: More objects than this are a product list, not an article's description.
_MOST_NODES = 500
#: The graph of an article is four or five levels deep.
_DEEPEST = 8
#: What holds the page's own article; lists of other articles are not looked into.
_INTO = ("@graph", "mainEntity", "mainEntityOfPage")


def read_objects(scripts: Iterable[str]) -> list[Json]:
    """Return the objects of the blocks ``scripts``, flat and in their order."""
    found: list[Json] = []
    for text in scripts:
        found.extend(_objects(_load(text), _DEEPEST))
    return found[:_MOST_NODES]


def _objects(value: object, depth: int) -> Iterator[Json]:
    if depth == 0:
        return
    if isinstance(value, dict):
        yield value
        for name in _INTO:
            yield from _objects(value.get(name), depth - 1)
    elif isinstance(value, list):
        for item in value[:_MOST_NODES]:
            yield from _objects(item, depth - 1)


def _load(text: str) -> object:
    """Parse JSON as pages write it, mending more at each attempt."""
    for mend in (str.strip, _without_comments, _without_trailing_commas, _plainly_escaped):
        text = mend(text)
        try:
            return _decode(text)
        except (ValueError, RecursionError):
            continue
    return _salvage(text)


# strict=False: line breaks and tabs inside strings, as editors leave them
_DECODER = json.JSONDecoder(strict=False)
_BETWEEN = re.compile(r"[\s;,]*")


def _decode(text: str) -> object:
    """Parse one value, or several that stand one behind the other."""
    values, at = [], 0
    while at < len(text):
        value, at = _DECODER.raw_decode(text, at)
        values.append(value)
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
    return values


_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_NO_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')


def _without_comments(text: str) -> str:
    return _COMMENT.sub("", _COMMENT.sub("", text)).strip().rstrip(";")


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


def _plainly_escaped(text: str) -> str:
    """Undo escapes that JSON does not know, and those of HTML around the whole."""
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    return _NO_ESCAPE.sub("", text)


#: Up to a quotation mark behind which JSON goes on: those within a text stay.
_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleBody|inLanguage)"\s*:\s*"'
    r'((?:[^"\\]|\\.|"(?!\s*(?:,\s*["}\]]|[}\]])))*)"'
)


#: Characters of broken JSON that are looked through.
_LONGEST_BROKEN = 300_000


def _salvage(text: str) -> Json:
    """Pick the plain fields out of JSON that does not parse."""
    found: Json = {"@type": "Article"}
    for name, value in _FIELD.findall(text[:_LONGEST_BROKEN]):
        quoted = re.sub(r'(?<!\\)"', r"\"", value)
        try:
            found.setdefault(name, json.loads(f'"{quoted}"', strict=False))
        except ValueError:  # a broken escape: the field is lost, the others are not
            continue
    return found if len(found) > 1 else {}


# --- objects → the article -------------------------------------------------

#: How likely an object of a type is the page's own article, the likeliest first.
_ARTICLE_TYPES = (
    re.compile(r"NewsArticle$|LiveBlogPosting$"),
    re.compile(r"(?:Article|Posting|Report)$"),
    re.compile(r"(?:Blog|Review|Recipe)$"),
)
_TELLING = ("headline", "articleBody", "datePublished")
#: Objects from which a page that none of them fits is a list.
_LISTED = 4


def is_news(node: Json) -> bool:
    """Tell whether ``node`` calls itself the article of a news outlet."""
    return _type_rank(node) == 0


def _type_rank(node: Json) -> int | None:
    kinds = [kind for kind in values_in(node, "@type") if isinstance(kind, str)]
    for rank, pattern in enumerate(_ARTICLE_TYPES):
        if any(map(pattern.search, kinds)):
            return rank
    return None


def article_in(nodes: list[Json], fits: Callable[[Json], int]) -> Json:
    """Return the page's own article among ``nodes``, with what they say of it; empty if none.

    ``fits`` tells by how many signs an object is about this page; it is asked only where
    there are several. Parts that are named by their ``@id`` are put in.
    """
    articles = [
        node
        for node in nodes
        if _type_rank(node) is not None and any(node.get(name) for name in _TELLING)
    ]
    if len(articles) > 1:
        signs = [fits(node) for node in articles]
        if not any(signs) and len(articles) >= _LISTED:
            return {}
        articles = _best_first(articles, signs)
    return _resolved(articles[0], nodes) if articles else {}


def _best_first(articles: list[Json], signs: list[int]) -> list[Json]:
    """Return the best article, completed by those of the same headline, then the others."""
    ranked = sorted(zip(signs, articles, strict=True), key=_worth, reverse=True)
    best, *others = [node for _, node in ranked]
    headline = fold(text_in(best, "headline"))
    best = {name: value for name, value in best.items() if value}
    for other in others:
        if fold(text_in(other, "headline")) in {headline, ""}:
            for name, value in other.items():
                best.setdefault(name, value)
    return [best, *others]


def _worth(judged: tuple[int, Json]) -> tuple[int, int, int]:
    signs, node = judged
    return signs, -(_type_rank(node) or 0), sum(bool(node.get(name)) for name in _TELLING)


_REFERRING = ("author", "creator", "publisher", "image", "isPartOf", "hasPart")


def _resolved(article: Json, nodes: list[Json]) -> Json:
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}

    def resolve(value: object) -> object:
        if isinstance(value, list):
            return [resolve(item) for item in value[:_MOST_NODES] if not isinstance(item, list)]
        if isinstance(value, dict) and isinstance(name := value.get("@id"), str):
            return known.get(name, {}) | value
        return value

    return article | {name: resolve(article[name]) for name in _REFERRING if name in article}
