"""Where on the page the article stands, by rules.

Each block is weighed by what its text looks like: sentences count with their length,
links against it, labels a little against it. The weights are summed up the tree, without
what is named as furniture; the element with the highest sum holds the article.

Weighed and left out: a veto by class name alone (it costs a quarter of the recall), and
descending by the densest child (it stops at the longest section of a long article).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.articles.blocks import Layout
from pipeline.articles.looks import Looks
from pipeline.articles.names import judge_names, names_comments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Furniture, but not to be stripped unseen: one left open holds the rest of its page.
_FURNITURE_TAGS = frozenset(["aside", "footer", "nav", "menu", "button", "dialog"])
#: What a label, a date or a name weighs against its place, in characters of prose.
_LABEL_COST = 4.0
#: Share of a block's characters in links from which it is a link, and what each of
#: those characters weighs against its place.
LINK_SHARE = 0.5
_LINK_COST = 0.4
#: Share of the page's prose from which an element is not furniture whatever its name.
_MAIN_SHARE = 0.4
#: What furniture weighs against the element around it, by its characters of prose.
_FURNITURE_COST = 0.05
#: How much a fitting name adds to the weight of its element.
_BODY_BONUS = 1.1
#: Share of an element's weight from which a child of it is the article, and the rest is
#: a line of the footer or of the head.
_CHILD_SHARE = 0.9
#: Characters of prose before a place where readers speak: the article.
_ARTICLE_BEFORE = 200


@dataclass(slots=True)
class Places:
    """The nodes of a page as arrays, and the one that holds the article."""

    kinds: list[tuple[str, str]]  # each tag with its names, once
    kind: Ints  # of each node, a place among the kinds
    parent: Ints
    depth: Ints
    first: Ints
    last: Ints
    at: Ints  # of each block, its node
    linked: Floats  # characters of each block in links
    hint: Ints  # -1: named as furniture, 1: as an article's body, 0: neither
    prose: Floats  # characters of prose in each block
    prose_before: Floats  # in all blocks before each, and in all at the end
    best: int  # the node that holds the article
    is_furniture: list[bool]  # the node or one above it
    is_comments: list[bool]  # likewise: where readers speak, behind the article

    @property
    def total(self) -> float:
        """Characters of prose on the page."""
        return float(self.prose_before[-1])

    def sums(self, before: Floats) -> Floats:
        """Return the sum over the blocks of each node, by the sums ``before`` each block."""
        return before[self.last] - before[self.first]


def before(values: NDArray[np.generic]) -> Floats:
    """Return the sum of the ``values`` before each, and of all at the end."""
    return np.concatenate([np.zeros(1), np.cumsum(values, dtype=np.float64)])


def find_places(layout: Layout, looks: list[Looks]) -> Places:
    """Weigh the nodes of ``layout``, the blocks of which look like ``looks``."""
    nodes, blocks = layout.nodes, layout.blocks
    length = np.array([look.length for look in looks], dtype=np.float64)
    linked = np.array([block.linked for block in blocks], dtype=np.float64)
    is_link = linked > length * LINK_SHARE
    is_prose = np.array([look.is_prose for look in looks], dtype=np.bool_) & ~is_link
    prose = np.where(is_prose, length - linked, 0.0)
    numbers: dict[tuple[str, str], int] = {}
    kind = [numbers.setdefault((node.tag, node.names), len(numbers)) for node in nodes]
    kinds = list(numbers)
    places = Places(
        kinds=kinds,
        kind=np.array(kind, dtype=np.int64),
        parent=np.array([node.parent for node in nodes], dtype=np.int64),
        depth=np.array([node.depth for node in nodes], dtype=np.int64),
        first=np.array([node.first for node in nodes], dtype=np.int64),
        last=np.array([node.last for node in nodes], dtype=np.int64),
        at=np.array([block.node for block in blocks], dtype=np.int64),
        linked=linked,
        hint=np.array([_hint(tag, names) for tag, names in kinds], dtype=np.int64)[kind],
        prose=prose,
        prose_before=before(prose),
        best=0,
        is_furniture=[],
        is_comments=[],
    )
    weight = np.where(is_link, -np.maximum(_LABEL_COST, linked * _LINK_COST), -_LABEL_COST)
    _find_best(places, np.where(is_prose, prose, weight))
    places.is_comments = _find_comments(places, layout)
    return places


def _hint(tag: str, names: str) -> int:
    if tag in _FURNITURE_TAGS:
        return -1
    return judge_names(names) if names else 0


def _find_best(places: Places, weights: Floats) -> None:
    prose = places.sums(places.prose_before)
    named = (places.hint < 0) & (prose < places.total * _MAIN_SHARE)
    weight = _summed(places, weights, named, prose)
    parents, is_named, hints = places.parent.tolist(), named.tolist(), places.hint.tolist()
    furniture: list[bool] = []
    heaviest: dict[int, int] = {}
    best = 0
    highest = weight[0]
    for node, parent in enumerate(parents):
        furniture.append(is_named[node] or (parent >= 0 and furniture[parent]))
        if furniture[node]:
            continue
        here = weight[node]
        if here > weight[heaviest.setdefault(parent, node)]:
            heaviest[parent] = node
        if hints[node] > 0 and here > 0:
            here *= _BODY_BONUS
        if here > highest:
            best, highest = node, here
    while (child := heaviest.get(best)) and weight[child] >= weight[best] * _CHILD_SHARE:
        best = child
    places.best, places.is_furniture = best, furniture


def _summed(places: Places, weights: Floats, named: Bools, prose: Floats) -> list[float]:
    """Return the weight of each node: of its own blocks and of the nodes in it."""
    weight: list[float] = np.bincount(places.at, weights, len(places.parent)).tolist()
    cost: list[float] = (prose * _FURNITURE_COST).tolist()
    is_named, parents = named.tolist(), places.parent.tolist()
    for node in range(len(weight) - 1, 0, -1):
        if is_named[node]:
            weight[node] = min(weight[node], 0.0) - cost[node]
        weight[parents[node]] += weight[node]
    return weight


def _find_comments(places: Places, layout: Layout) -> list[bool]:
    named = [tag != "body" and bool(names) and names_comments(names) for tag, names in places.kinds]
    if not any(named):
        return [False] * len(layout.nodes)
    prose_before = places.prose_before.tolist()
    found: list[bool] = []
    for node, kind in zip(layout.nodes, places.kind.tolist(), strict=True):
        is_inside = node.parent >= 0 and found[node.parent]
        is_behind = prose_before[node.first] >= _ARTICLE_BEFORE
        found.append(is_inside or (named[kind] and is_behind))
    return found
