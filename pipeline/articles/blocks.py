"""The page cut into blocks: runs of text between the borders of block elements.

A block is what a reader sees as one paragraph, line, label or menu item. Line breaks
part blocks too: pages without paragraphs put the whole article and its "read also"
lines into one element.
"""

from dataclasses import dataclass, field

from lxml import etree

from pipeline.articles.names import LONGEST_NAMES, attributes_of
from pipeline.articles.tree import is_hidden, squeezed

#: Never hold text of an article.
_NO_TEXT = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas",
    "audio", "video", "map", "input", "select", "textarea", "option", "datalist", "link",
    "meta", "head", "frameset", "applet", "rt", "rp",
)  # fmt: skip
#: Elements that a browser sets apart (HTML, 15.3); all others, unknown ones too, stand in the
#: line.
BLOCK = frozenset([
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "col",
    "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "p", "plaintext", "pre",
    "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "xmp",
])  # fmt: skip
#: In what text stands, as bits; and whether it is the tail of its element.
_LINK, _BOLD, _TAIL = 1, 2, 4
_COUNTED = _LINK | _BOLD
_STYLES = {"a": _LINK, **dict.fromkeys(("b", "strong", "em", "i"), _BOLD)}
_NAMING = ("class", "id", "role", "itemprop")
#: What stands for the names of an element that is not shown.
HIDDEN = "display-none"


@dataclass(slots=True, eq=False)
class Node:
    """An element that borders blocks; its blocks are ``first`` … ``last - 1``."""

    element: etree._Element
    tag: str
    parent: int  # its place among the nodes; -1: none
    depth: int
    names: str  # class, id, role and itemprop, as they stand
    first: int
    last: int = 0


@dataclass(slots=True, eq=False)
class Block:
    """A run of text, and what it looks like."""

    node: int  # the place of its element among the nodes
    text: str  # with one blank for each run of them
    linked: int  # characters in links
    bold: int  # characters in bold or emphasis
    climb: int  # depth of the element around both it and the block before
    pictures: int  # between the block before and it
    names: str  # of inline elements in it
    pieces: list[tuple[etree._Element, bool]]  # where it stands: (element, whether its tail)


@dataclass(slots=True)
class Layout:
    """The blocks of a page and the elements that they stand in, in document order."""

    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def read_layout(body: etree._Element) -> Layout:
    """Return the blocks of ``body``; takes out of the tree what never holds text."""
    etree.strip_elements(body, *_NO_TEXT, with_tail=False)
    reader = _Reader()
    reader.read(body, -1, 0, 0)
    return reader.layout


#: Inline elements of one block whose names are kept.
_MOST_NAMES = 4


@dataclass(slots=True)
class _Reader:
    """The walk over the page: what was read, and the block being read."""

    layout: Layout = field(default_factory=Layout)
    parts: list[str] = field(default_factory=list)
    pieces: list[tuple[etree._Element, bool]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0
    pictures: int = 0
    lowest: int = 0  # depth of the element around this block and the one before

    def read(self, element: etree._Element, around: int, depth: int, style: int) -> None:
        """Read ``element``, in ``style``, which stands in the node ``around`` at ``depth``."""
        tag = element.tag
        if tag in BLOCK:
            self.close_block(around)
            nodes, first = self.layout.nodes, len(self.layout.blocks)
            node = len(nodes)
            nodes.append(Node(element, tag, around, depth + 1, _names_of(element), first))
            self.read_inside(element, node, depth + 1, style)
            self.close_block(node)
            self.close_node(node)
            self.lowest = min(self.lowest, depth)
        elif tag == "br":
            self.close_block(around)
        elif tag == "img":
            self.pictures += 1
        else:
            if len(self.names) < _MOST_NAMES and (names := _names_of(element)):
                self.names.append(names)
            self.read_inside(element, around, depth, style | _STYLES.get(tag, 0))

    def read_inside(self, element: etree._Element, node: int, depth: int, style: int) -> None:
        """Read the text and the elements of ``element``."""
        if text := element.text:
            self.add(text, element, style)
        for child in element:
            self.read(child, node, depth, style)
            if tail := child.tail:
                self.add(tail, child, style | _TAIL)

    def close_node(self, place: int) -> None:
        """End the node: one without text, as icons and pictures are, is not kept."""
        nodes = self.layout.nodes
        node = nodes[place]
        node.last = len(self.layout.blocks)
        if place and node.first == node.last:
            nodes.pop()

    def add(self, text: str, element: etree._Element, style: int) -> None:
        """Add a run of characters to the block."""
        if self.parts or not text.isspace():
            self.parts.append(text)
            self.pieces.append((element, bool(style & _TAIL)))
            if style & _COUNTED:
                length = len(squeezed(text)) if "\n" in text else len(text)  # but indentation
                if style & _LINK:
                    self.linked += length
                if style & _BOLD:
                    self.bold += length

    def close_block(self, around: int) -> None:
        """End the block, which stands in the node ``around``."""
        if self.names and not self.parts:
            self.names = []
        if not self.parts:
            return
        if text := squeezed("".join(self.parts)):
            names = " ".join(self.names) if self.names else ""
            linked, bold = min(self.linked, len(text)), min(self.bold, len(text))
            block = Block(
                around, text, linked, bold, self.lowest, self.pictures, names, self.pieces
            )
            self.layout.blocks.append(block)
            self.lowest = self.layout.nodes[around].depth
            self.pictures = 0
        self.parts, self.pieces, self.names = [], [], []
        self.linked = self.bold = 0


def _names_of(element: etree._Element) -> str:
    found = dict(attributes_of(element))  # one call; most elements have one attribute or none
    if not found:
        return ""
    names = [found[name][:LONGEST_NAMES] for name in _NAMING if found.get(name)]
    if is_hidden(found):
        names.append(HIDDEN)
    return " ".join(names)
