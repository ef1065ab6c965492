"""Where on the page the article stands.

The page is cut into blocks: runs of text between the borders of block elements. Each
block gets a score by what its text looks like: sentences count with their length,
links against it, labels a little against it. The scores are summed up the tree, and
the element with the highest sum holds the article; below it, parts whose sum is
negative are cut out.

Class names are evidence, not a verdict: a container named "related" that holds most of
the page's sentences is the article all the same, for names such as "has-sidebar" stand
on whole pages. Structure tells what names do not: a short container with a linked
headline is a teaser.

Vetoes by name alone were weighed: they cost a quarter of the recall.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

#: Never hold text of an article.
_NO_TEXT = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas",
    "audio", "video", "map", "input", "select", "textarea", "option", "datalist",
    "link", "meta", "head", "dialog", "figcaption", "frameset", "applet", "rt", "rp",
)  # fmt: skip
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "picture",
        "q",
        "ruby",
        "rb",
        "s",
        "samp",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

#: Names of furniture in class, id and role.
_FURNITURE = re.compile(
    r"comment|disqus|related|similar|recommend|read-?(?:more|also|next|too)|more-?(?:news|stories"
    r"|articles|from|on)|see-?also|share|sharing|social|follow-|subscri|newsletter|side-?bar|aside"
    r"|foot|(?<!\w)nav|navi|navbar|menu|breadcrumb|crumb|pagina|pager|(?<![a-z])tags?(?![a-z])"
    r"|tag-?(?:list|cloud|s)|banner|advert|(?<![a-z])ads?(?![a-z])|sponsor|promo|cookie|consent"
    r"|gdpr|popup|pop-up|overlay|login|log-in|sign-?(?:in|up)|register|search|rating|poll|author-?"
    r"(?:bio|box|info|card|desc|about)|about-?(?:the-?)?author|bio(?![a-z])|caption|copyright|print"
    r"|toolbar|latest|popular|most-?(?:read|view|pop)|trending|carousel|slider|skip|ticker|outbrain"
    r"|taboola|donat|paywall|upsell|recirc|prev-?next|next-?prev|post-?nav|widget|hidden|display:"
    r"\s*none|contentinfo|complementary|navigation|dialog|alert|teaser|byline|dateline|post-?meta"
    r"|entry-?meta|article-?meta|news-?meta|meta-?(?:info|data)|timestamp|credit|disclaimer"
    r"|correction|feedback|bookmark|jump-?link|toc(?![a-z])|table-?of-?contents|reply|respond",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"article-?_?-?(?:body|text|content|main|detail)|(?:entry|post|story|news|main|page|single|detail)"
    r"[-_]{0,2}(?:content|body|text|full|detail)|articlebody|full-?text|text-?body|body-?(?:text|copy)"
    r"|content-?(?:text|body)|(?<![a-z])prose(?![a-z])|rich-?text|hentry|contentbody",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class _Node:
    """An element that bounds blocks, with the scores of the text below it."""

    element: etree._Element
    parent: "_Node | None"
    hint: int  # -1 furniture, 1 body, 0 nothing
    score: float = 0.0
    prose: int = 0  # characters that stand in sentences
    linked: int = 0  # characters that stand in links
    linked_heading: bool = False
    is_legal: bool = False
    is_cut: bool = False


@dataclass(slots=True)
class _Measure:
    """The walk over the page: the nodes in document order and the run being read."""

    nodes: list[_Node] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    leads_away: bool = False  # one of the run's links goes to another page

    def walk(self, element: etree._Element, parent: _Node | None, link: str) -> None:
        tag = element.tag
        node = parent
        hint = _hint(element)
        if parent is None or tag not in _INLINE or hint < 0:
            self.flush(parent)
            node = _Node(element, parent, hint)
            self.nodes.append(node)
        link = _link(element) if tag == "a" else link
        if element.text:
            self.read(element.text, link)
        for child in element:
            self.walk(child, node, link)
            if child.tail:
                self.read(child.tail, link)
        if node is not parent:
            self.flush(node)

    def read(self, text: str, link: str) -> None:
        self.parts.append(text)
        if link:
            self.linked += len(text)
            self.leads_away |= link != "#"

    def flush(self, node: _Node | None) -> None:
        if not self.parts or node is None:
            return
        text = " ".join("".join(self.parts).split())
        if text:
            _add_block(node, text, min(self.linked, len(text)), leads_away=self.leads_away)
        self.parts.clear()
        self.linked = 0
        self.leads_away = False


_SENTENCE_END = re.compile(r"[.!?…:;؟۔。！？][\"'»”’)\]]*(?:\s|$)")
_LEGAL = re.compile(
    r"^(?:©|\(c\)|copyright)\W{0,3}(?:19|20)\d\d|(?:19|20)\d\d\s*©|all rights reserved|bütün hüquqlar"
    r"|все права защищены|tüm hakları saklıdır|alle rechte vorbehalten|tous droits réservés",
    re.IGNORECASE,
)
#: Below this many characters a block needs the end of a sentence to be prose.
_PROSE_LENGTH = 80
#: A label, a date, a caption: what one of them speaks against a place.
_LABEL_COST = 4.0
_SHORT_PROSE = 25
#: Share of a block's characters in links from which it is a list of links.
_LINK_SHARE = 0.5
_LINK_COST = 0.4


def _add_block(node: _Node, text: str, linked: int, *, leads_away: bool) -> None:
    length = len(text)
    node.linked += linked
    if _LEGAL.search(text):
        node.is_legal = True
    if linked > length * _LINK_SHARE:
        node.score -= max(_LABEL_COST, linked * _LINK_COST)
        if leads_away and _is_heading(node.element):
            node.linked_heading = True
    elif node.element.tag in _HEADINGS:
        node.score += 0.0
    elif length >= _PROSE_LENGTH or (length >= _SHORT_PROSE and _SENTENCE_END.search(text)):
        node.score += length - linked
        node.prose += length - linked
    else:
        node.score -= _LABEL_COST


def _is_heading(element: etree._Element) -> bool:
    parent = element.getparent()
    return element.tag in _HEADINGS or (parent is not None and parent.tag in _HEADINGS)


def _link(element: etree._Element) -> str:
    """Return "#" for a link inside the page, "away" for one that leaves it."""
    return "#" if (element.get("href") or "#").startswith("#") else "away"


#: Not stripped blindly: an unclosed one holds the rest of its page.
_FURNITURE_TAGS = frozenset(["aside", "footer", "nav", "menu", "button"])
_NAMING = frozenset(["class", "id", "role", "itemprop", "style"])


def _hint(element: etree._Element) -> int:
    if element.tag in _FURNITURE_TAGS:
        return -1
    names = [value for name, value in element.items() if name in _NAMING]
    return _hint_of_names(" ".join(names)) if names else 0


@lru_cache(maxsize=20_000)
def _hint_of_names(names: str) -> int:
    if _BODY.search(names):
        return 1
    return -1 if _FURNITURE.search(names) else 0


#: Share of the page's prose from which a container is not furniture whatever its name.
_MAIN_SHARE = 0.4
#: Share of the page's prose up to which what stands with a copyright notice is a footer.
_FOOTER_SHARE = 0.1
#: Characters of prose up to which a container with a linked headline is a teaser.
_TEASER_PROSE = 250
#: How much a fitting name or tag adds to the sum of its element.
_BODY_BONUS = 1.1
#: What a cut part says against its parent, by its characters.
_CUT_COST = 0.05


def find_content(root: etree._Element) -> etree._Element | None:
    """Return the element that holds the article, its furniture cut out; None for no prose.

    Changes the tree.
    """
    body = root.find("body")
    if body is None:
        return None
    etree.strip_elements(body, *_NO_TEXT, with_tail=False)
    measure = _Measure()
    measure.walk(body, None, "")
    nodes = measure.nodes
    page_prose = sum(node.prose for node in nodes)
    if not page_prose:
        return None
    _sum_up(nodes, page_prose)
    outer = _outside_cuts(nodes)
    best = max(outer, key=_rank)
    best = _descend(outer, best)
    _cut(nodes, best)
    return best.element


def _outside_cuts(nodes):
    kept, inside = [], set()
    for node in nodes:
        if node.is_cut or node.parent in inside:
            inside.add(node)
        else:
            kept.append(node)
    return kept


_KEEP = 0.9


def _descend(nodes, best):
    for node in nodes:
        if node.parent is best and node.score >= best.score * _KEEP:
            return _descend(nodes, node)
    return best


def _rank(node: _Node) -> float:
    is_body = node.hint > 0 or node.element.tag in {"article", "main"}
    return node.score * (_BODY_BONUS if is_body and node.score > 0 else 1.0)


def _sum_up(nodes: list[_Node], page_prose: int) -> None:
    """Add each node to its parent, the last first; judge it when its sum is known."""
    for node in reversed(nodes):
        _judge(node, page_prose)
        parent = node.parent
        if parent is None:
            continue
        parent.score += node.score
        parent.linked += node.linked
        parent.prose += node.prose
        parent.is_legal |= node.is_legal
        parent.linked_heading |= node.linked_heading and not node.is_cut


def _judge(node: _Node, page_prose: int) -> None:
    is_small = node.prose < page_prose * _MAIN_SHARE and node.parent is not None
    is_teaser = node.linked_heading and 0 < node.prose < _TEASER_PROSE and is_small
    is_footer = node.is_legal and node.prose < page_prose * _FOOTER_SHARE
    if (node.hint < 0 and is_small) or is_teaser or is_footer:
        node.is_cut = True
        node.score = min(node.score, 0.0) - node.prose * _CUT_COST


def _cut(nodes: list[_Node], best: _Node) -> None:
    for node in nodes:
        if node is best or not _is_below(node, best):
            continue
        if node.is_cut or (node.score < 0 and node.prose == 0 and node.linked):
            _drop(node.element)


def _is_below(node: _Node, best: _Node) -> bool:
    above = node.parent
    while above is not None:
        if above is best:
            return True
        if above.is_cut:
            return False
        above = above.parent
    return False


def _drop(element: etree._Element) -> None:
    """Take ``element`` out of its tree and leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = element.tail or ""
    parent.remove(element)
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
