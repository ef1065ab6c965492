"""Where on the page the article stands.

The page is cut into blocks: runs of text between the borders of block elements. Each
block is weighed by what its text looks like: sentences count with their length, links
against it, labels a little against it. The weights are summed up the tree; the element
with the highest sum holds the article, and below it the parts that are furniture are
taken out.

Class names are evidence, not a verdict: an element named "related" that holds much of
the page's prose is no furniture, for names such as "has-sidebar" stand on whole pages.
Structure tells what names do not: a short element with a linked headline is a teaser.

Weighed and left out: a veto by class name alone (it costs a quarter of the recall), and
descending by the densest child (it stops at the longest section of a long article).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from pipeline.articles.names import any_of, attributes_of
from pipeline.articles.tree import squeezed

#: Never hold text of an article.
_NO_TEXT = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas",
    "audio", "video", "map", "input", "select", "textarea", "option", "datalist", "link",
    "meta", "head", "dialog", "figcaption", "frameset", "applet", "rt", "rp",
)  # fmt: skip
#: Furniture, but not to be stripped unseen: one left open holds the rest of its page.
_FURNITURE_TAGS = frozenset(["aside", "footer", "nav", "menu", "button"])
_INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn",
    "em", "font", "i", "img", "ins", "kbd", "label", "mark", "picture", "q", "ruby", "rb", "s",
    "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
])  # fmt: skip
_CELLS = frozenset(["td", "th"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

#: Names of furniture in class, id, role and style, in lower case. Page builders call each
#: box a widget; the last lines are how Turkish, Azerbaijani and Russian pages name comments,
#: tags, sharing, neighbours, mailings, cookies and advertising.
_FURNITURE = any_of(
    "comment disqus reply respond feedback rating poll",
    "related similar recommend recirc outbrain taboola teaser latest popular trending",
    "most-?(?:read|view|pop) more-?(?:news|stories|articles|from|on) see-?also",
    "read-?(?:more|also|next|too) prev-?next next-?prev post-?nav pagina pager",
    "share sharing social follow- subscri newsletter sign-?(?:in|up) log-?in register",
    r"side-?bar aside foot n(?<!\wn)av navi navbar menu breadcrumb crumb search skip toolbar",
    "t(?<![a-z]t)ags?(?![a-z]) tag-?(?:list|cloud|s) bookmark print jump-?link",
    "banner advert a(?<![a-z]a)ds?(?![a-z]) sponsor promo upsell paywall donat",
    "cookie consent gdpr popup pop-up overlay dialog alert hidden display:none",
    "author-?(?:bio|box|info|card|desc|about) about-?(?:the-?)?author bio(?![a-z])",
    "byline dateline timestamp meta-?(?:info|data)",
    "post-?meta entry-?meta article-?meta news-?meta",
    "caption credit copyright disclaimer correction toc(?![a-z]) table-?of-?contents",
    "carousel slider ticker w(?<!elementor-w)idget contentinfo complementary navigation",
    "yorum komment reklam s(?<![a-z]s)erh e(?<![a-z]e)tiket p(?<![a-z]p)aylas i(?<![a-z]i)lgili",
    "b(?<![a-z]b)enzer o(?<![a-z]o)xsar b(?<![a-z]b)ulten c(?<![a-z]c)erez",
)
_BODY = any_of(
    "article-?_?-?(?:body|text|content|main|detail) full-?text rich-?text hentry contentbody",
    *(
        f"{kind}[-_]{{0,2}}(?:content|body|text|full|detail)"
        for kind in ("entry", "post", "story", "news", "main", "page", "single", "detail")
    ),
    "text-?body content-?body body-?(?:text|copy) content-?(?:text|copy)",
    "p(?<![a-z]p)rose(?![a-z])",
)
_NAMING = frozenset(["class", "id", "role", "itemprop", "style"])


@dataclass(slots=True, eq=False)
class _Node:
    """An element that borders blocks; the figures are sums over all below it."""

    element: etree._Element
    tag: str
    parent: "_Node | None"
    hint: int  # -1: named as furniture, 1: as an article's body, 0: neither
    own: float = 0.0  # the weight of its own blocks
    weight: float = 0.0
    prose: int = 0  # characters in sentences
    has_links: bool = False
    has_linked_heading: bool = False
    has_copyright: bool = False
    has_standfirst: bool = False
    holds_main_cell: bool = False  # a row of a layout table, the article in one of its cells
    is_furniture: bool = False


def find_content(root: etree._Element) -> etree._Element | None:
    """Return the element that holds the article, rid of furniture; None for no prose.

    Changes the tree.
    """
    body = root.find("body")
    if body is None:
        return None
    etree.strip_elements(body, *_NO_TEXT, with_tail=False)
    reader = _BlockReader()
    reader.read(body)
    nodes = reader.nodes
    _sum_up(nodes)
    if not nodes[0].prose:
        return None
    best = _find_best(nodes)
    if best.weight < nodes[0].prose * _LEAST_WEIGHT:
        # Named as furniture from end to end: let the text alone speak.
        for node in nodes:
            node.hint = max(node.hint, 0)
        _weigh(nodes)
        best = _find_best(nodes)
    _take_out_furniture(nodes, best)
    return best.element


# --- blocks ----------------------------------------------------------------


@dataclass(slots=True)
class _BlockReader:
    """The walk over the page: its nodes in document order, and the block being read."""

    nodes: list[_Node] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0  # characters of the block in links
    leads_away: bool = False  # one of its links goes to another page

    def read(self, element: etree._Element, around: _Node | None = None, link: str = "") -> None:
        """Read what stands in ``element``, ``around`` the node and ``link`` the link it is in."""
        tag = element.tag
        hint = -1 if tag in _FURNITURE_TAGS else _read_hint(element)
        node = around
        if node is None or hint < 0 or tag not in _INLINE:
            self.close_block(around)
            node = _Node(element, tag, around, hint)
            self.nodes.append(node)
        if tag == "a":
            link = "#" if (element.get("href") or "#").startswith("#") else "away"
        if text := element.text:
            self.add(text, link)
        for child in element:
            self.read(child, node, link)
            if tail := child.tail:
                self.add(tail, link)
        if node is not around:
            self.close_block(node)

    def add(self, text: str, link: str) -> None:
        if self.parts or not text.isspace():
            self.parts.append(text)
        if link:
            self.linked += len(text)
            self.leads_away |= link == "away"

    def close_block(self, node: _Node | None) -> None:
        if self.parts and node is not None:
            text = squeezed("".join(self.parts))
            _add_block(node, text, min(self.linked, len(text)), leads_away=self.leads_away)
            self.parts.clear()
        self.linked = 0
        self.leads_away = False


def _read_hint(element: etree._Element) -> int:
    hint = 0
    for attribute, names in attributes_of(element):
        if attribute in _NAMING:
            judged = _judge_names(names) if len(names) < _LONGEST_KEPT else _judge(names)
            if judged > 0:
                return 1
            hint = hint or judged
    return hint


#: Characters of an attribute whose judgement is kept for the next page.
_LONGEST_KEPT = 200


def _judge(names: str) -> int:
    """Judge the names in an attribute: no pattern reaches from one to the next."""
    names = names.lower()
    if _BODY.search(names):
        return 1
    return -1 if _FURNITURE.search(names) else 0


#: The pages of a host use the same names; 2 MB at most.
_judge_names = lru_cache(maxsize=8_000)(_judge)


_SENTENCE_END = re.compile(r"[.!?…:;؟۔。！？][\"'»”’)\]]*(?:\s|$)")
#: What `_COPYRIGHT` needs, in lower case: to find none of these is quicker than a search.
_COPYRIGHT_SIGNS = (
    "©", "(c)", "copyright", "reserved", "hüquq", "права", "hakl", "rechte", "droits",
)  # fmt: skip
_COPYRIGHT = re.compile(
    r"^(?:©|\(c\)|copyright)\W{0,3}(?:19|20)\d\d|(?:19|20)\d\d\s?©|all rights reserved"
    r"|bütün hüquqlar|все права защищены|tüm hakları saklıdır|alle rechte vorbehalten"
    r"|tous droits réservés",
    re.IGNORECASE,
)


def _is_copyright(text: str) -> bool:
    lower = text.lower()
    for sign in _COPYRIGHT_SIGNS:
        if sign in lower:
            return bool(_COPYRIGHT.search(text))
    return False


#: The pages of a host have the same menus and footers; 2 MB at most.
_is_short_copyright = lru_cache(maxsize=4_000)(_is_copyright)


#: Characters. A block of this length is prose; a shorter one if it has a sentence's end.
_PROSE_LENGTH = 80
_SHORTEST_PROSE = 25
#: What a label, a date or a name weighs against its place, in characters of prose.
_LABEL_COST = 4.0
#: Share of a block's characters in links from which it is a link, and what each of
#: those characters weighs against its place.
_LINK_SHARE = 0.5
_LINK_COST = 0.4


def _add_block(node: _Node, text: str, linked: int, *, leads_away: bool) -> None:
    length = len(text)
    node.has_links |= linked > 0
    if _is_short_copyright(text) if length < _PROSE_LENGTH else _is_copyright(text):
        node.has_copyright = True
    if linked > length * _LINK_SHARE:
        node.own -= max(_LABEL_COST, linked * _LINK_COST)
        node.has_linked_heading |= leads_away and _is_heading(node)
    elif node.tag in _HEADINGS and not _is_standfirst(node.tag, text):
        return
    elif length >= _PROSE_LENGTH or (length >= _SHORTEST_PROSE and _SENTENCE_END.search(text)):
        node.own += length - linked
        node.prose += length - linked
        node.has_standfirst |= node.tag in _HEADINGS
    else:
        node.own -= _LABEL_COST


def _is_standfirst(tag: str, text: str) -> bool:
    """Tell a heading that is the article's first paragraph, set large."""
    is_long = tag != "h1" and len(text) >= _PROSE_LENGTH
    return is_long and bool(_SENTENCE_END.search(text))


def _is_heading(node: _Node) -> bool:
    parent = node.element.getparent()
    return node.tag in _HEADINGS or (parent is not None and parent.tag in _HEADINGS)


# --- sums and judgements ---------------------------------------------------

#: Share of the page's prose from which an element is not furniture whatever its name.
_MAIN_SHARE = 0.4
#: Share of the page's prose up to which what stands by a copyright notice is a footer.
_FOOTER_SHARE = 0.1
#: The same in characters, for a page whose article is hardly longer than its footer.
_FOOTER_PROSE = 300
#: Characters of prose up to which an element with a linked headline is a teaser.
_TEASER_PROSE = 250
#: What furniture weighs against the element around it, by its characters of prose.
_FURNITURE_COST = 0.05
#: How much a fitting name or tag adds to the weight of its element.
_BODY_BONUS = 1.1
#: Share of an element's weight from which a child of it is the article, and the rest is
#: a line of the footer or of the head.
_CHILD_SHARE = 0.9
#: Share of the page's prose below which the best place was misjudged.
_LEAST_WEIGHT = 0.02


def _sum_up(nodes: list[_Node]) -> None:
    """Add what each element holds to the one around it, then weigh them."""
    for node in reversed(nodes):
        if node.parent is not None:
            node.parent.prose += node.prose
            node.parent.has_links |= node.has_links
            node.parent.has_copyright |= node.has_copyright
            node.parent.has_standfirst |= node.has_standfirst
    for node in nodes:
        if node.parent is not None and node.tag in _CELLS:
            node.parent.holds_main_cell |= _is_main(node, nodes[0].prose)
    _weigh(nodes)


def _weigh(nodes: list[_Node]) -> None:
    page_prose = nodes[0].prose
    for node in nodes:
        node.weight = node.own
    for node in reversed(nodes):
        node.is_furniture = node.parent is not None and _is_furniture(node, page_prose)
        if node.is_furniture:
            node.weight = min(node.weight, 0.0) - node.prose * _FURNITURE_COST
        if node.parent is not None:
            node.parent.weight += node.weight
            node.parent.has_linked_heading |= node.has_linked_heading and not node.is_furniture


def _is_main(node: _Node, page_prose: int) -> bool:
    return node.prose >= page_prose * _MAIN_SHARE


def _is_furniture(node: _Node, page_prose: int) -> bool:
    if node.has_copyright and node.prose < page_prose * _FOOTER_SHARE:
        return True
    if _is_main(node, page_prose):
        return False
    if node.has_copyright and node.prose < _FOOTER_PROSE:
        return True
    beside = node.parent is not None and node.parent.holds_main_cell
    if beside and node.tag in _CELLS:
        return True
    return node.hint < 0 or (node.has_linked_heading and 0 < node.prose < _TEASER_PROSE)


def _find_best(nodes: list[_Node]) -> _Node:
    inside: set[_Node] = set()  # furniture and all below it
    heaviest: dict[_Node, _Node] = {}
    best = nodes[0]
    for node in nodes:
        if node.is_furniture or node.parent in inside:
            inside.add(node)
            continue
        if _rank(node) > _rank(best):
            best = node
        if node.parent:
            rival = heaviest.setdefault(node.parent, node)
            heaviest[node.parent] = max(rival, node, key=_weight)
    while (child := heaviest.get(best)) and child.weight >= best.weight * _CHILD_SHARE:
        if best.has_standfirst and not child.has_standfirst:
            break
        best = child
    return best


def _weight(node: _Node) -> float:
    return node.weight


def _rank(node: _Node) -> float:
    is_body = node.hint > 0 or node.tag in {"article", "main"}
    return node.weight * _BODY_BONUS if is_body and node.weight > 0 else node.weight


def _take_out_furniture(nodes: Iterable[_Node], best: _Node) -> None:
    below, is_before_prose = {best}, best.own <= 0
    for node in nodes:
        if node.parent not in below:
            continue
        is_label = node.weight < 0 and not node.prose
        if node.is_furniture or (is_label and (node.has_links or is_before_prose)):
            _take_out(node.element)
        else:
            below.add(node)
            is_before_prose &= node.own <= 0


def _take_out(element: etree._Element) -> None:
    """Take ``element`` out of its tree and leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    before, tail = element.getprevious(), element.tail or ""
    parent.remove(element)
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
