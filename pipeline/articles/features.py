"""What tells of each block whether it belongs to the article, in figures.

A block alone seldom tells; its surroundings do: what its element and those around it
hold, how their siblings look, where it stands to the headline, to the place that the
rules chose and to the prose. All are figures of this page, or learned weights of plain
words in class names and short texts; none names a host.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.articles.blocks import HIDDEN, Layout
from pipeline.articles.looks import Looks, looks_of
from pipeline.articles.places import Bools, Floats, Ints, Places, before, find_places
from pipeline.articles.vocabulary import Vocabulary, words_of_text

#: A column for each feature; float32, as they were when the model was trained.
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a page's blocks, and where the rules saw the article."""

    matrix: Matrix  # blocks × features, in the order of ``names``
    names: tuple[str, ...]
    looks: list[Looks]
    places: Places


def read_features(
    layout: Layout, vocabulary: Vocabulary, *, title: str = "", is_article: bool = False
) -> Features:
    """Return the features of the blocks of ``layout``, of which there is one at least.

    ``title`` is the page's headline, ``is_article`` whether the page calls itself an article.
    """
    looks = [looks_of(block.text) for block in layout.blocks]
    places = find_places(layout, looks)
    page = _Page(layout, looks, places, vocabulary, title)
    columns: dict[str, NDArray[np.generic]] = {}
    for group in (_own, _groups, _levels, _branch, _chain, _headline, _position, _around):
        columns.update(group(page))
    columns["page article"] = page.constant(float(is_article))
    matrix = np.empty((len(looks), len(columns)), dtype=np.float32)
    for number, column in enumerate(columns.values()):
        matrix[:, number] = column
    return Features(matrix, tuple(columns), looks, places)


_Columns = dict[str, NDArray[np.generic]]

#: Tags that mean something, numbered; all others are the next number.
_TAG_NAMES = (
    "div", "p", "li", "ul", "ol", "td", "tr", "table", "tbody", "section", "article", "main",
    "header", "footer", "nav", "aside", "form", "figure", "figcaption", "blockquote", "h1",
    "h2", "h3", "h4", "h5", "h6", "button", "dl", "dt", "dd", "pre", "body", "center",
    "details", "summary", "th", "address",
)  # fmt: skip
_TAGS = {tag: number for number, tag in enumerate(_TAG_NAMES)}
#: Tags of which it matters whether one is around.
_AROUND = (
    ("li",), ("table",), ("figure", "figcaption"), ("aside",), ("footer",), ("nav",), ("header",),
    ("article",), ("main",), ("blockquote",), ("section",), ("h1",), ("h2", "h3", "h4", "h5", "h6"),
)  # fmt: skip
_BITS = {tag: 1 << bit for bit, tags in enumerate(_AROUND) for tag in tags}
_H1 = _BITS["h1"]


class _Page:
    """The arrays of a page of which the groups of features are made."""

    def __init__(
        self, layout: Layout, looks: list[Looks], places: Places, vocabulary: Vocabulary, title: str
    ) -> None:
        nodes, blocks = layout.nodes, layout.blocks
        self.places = places
        self.blocks = len(blocks)
        self.index = np.arange(self.blocks)
        self.looks = np.array(looks, dtype=np.float64)
        self.length = self.looks[:, 0]
        self.linked = places.linked
        self.bold = np.array([block.bold for block in blocks], dtype=np.float64)
        self.pictures = np.array([block.pictures for block in blocks], dtype=np.float64)
        self.prose = places.prose
        self.is_prose = self.prose > 0
        self.total = max(1.0, places.total)
        self.node = places.at
        self.climb = np.array(
            [nodes[block.node].depth - block.climb for block in blocks], dtype=np.float64
        )
        weighed = np.array([vocabulary.weigh_text(block.text) for block in blocks])
        self.said, self.least_said = weighed[:, 0], weighed[:, 1]
        self.called_inside = np.array([vocabulary.weigh_names(block.names) for block in blocks])
        called = np.array([vocabulary.weigh_names(names) for _, names in places.kinds])
        self.called = called[places.kind]
        self.parents: list[int] = places.parent.tolist()
        self.meetings = _meetings(self.parents, places.best)
        self.chain = np.zeros(self.blocks)  # what `_chain` finds, for the blocks beside
        self.title, self.repeated = _compare(layout, looks, title)
        self._read_nodes(layout)
        self._sum_up()

    def _sum_up(self) -> None:
        places = self.places
        before_length, before_linked = before(self.length), before(self.linked)
        self.before_prose, self.before_length = places.prose_before, before_length
        self.before_linked, self.before_said = before_linked, before(self.said)
        self.node_prose = places.sums(places.prose_before)
        self.node_length = np.maximum(1.0, places.sums(before_length))
        self.node_links = places.sums(before_linked) / self.node_length
        self.node_blocks = (places.last - places.first).astype(np.float64)
        self.node_prose_blocks = places.sums(before(self.is_prose)) / np.maximum(
            1.0, self.node_blocks
        )
        self.node_pictures = places.sums(before(self.pictures))
        self.share = self.node_prose / self.total

    def _read_nodes(self, layout: Layout) -> None:
        bits = [_BITS.get(tag, 0) for tag, _ in self.places.kinds]
        hides = [HIDDEN in names for _, names in self.places.kinds]
        masks: list[int] = []
        hidden: list[bool] = []
        for node, kind in zip(layout.nodes, self.places.kind.tolist(), strict=True):
            around, is_hidden = (
                (masks[node.parent], hidden[node.parent]) if node.parent >= 0 else (0, False)
            )
            masks.append(around | bits[kind])
            hidden.append(is_hidden or hides[kind])
        self.mask = np.array(masks, dtype=np.int64)
        self.is_hidden = np.array(hidden, dtype=np.bool_)
        tags = [_TAGS.get(tag, len(_TAGS)) for tag, _ in self.places.kinds]
        self.tag = np.array(tags, dtype=np.int64)[self.places.kind]
        parent, self.look = self.places.parent, self.places.kind
        self.above = np.maximum(parent, 0)
        self.looks_in_all = len(tags) + 1
        here = np.where(parent >= 0, self.look[self.above], len(tags))
        self.path = here * self.looks_in_all + self.look

    def constant(self, value: float) -> Floats:
        """Return a column that says the same of each block."""
        return np.full(self.blocks, value)


#: Words up to which a text may be a headline.
_LONGEST_HEADLINE = 40


def _compare(layout: Layout, looks: list[Looks], title: str) -> tuple[Floats, Bools]:
    """Return the share of each text's first words that the title has; whether it came before."""
    words = frozenset(words_of_text(title))
    seen: set[str] = set()
    shares, repeated = [], []
    for block, look in zip(layout.blocks, looks, strict=True):
        text, share = block.text, 0.0
        if words and look.words <= _LONGEST_HEADLINE:
            found = words_of_text(text)
            share = len(words.intersection(found)) / max(1, len(found))
        shares.append(share)
        repeated.append(text in seen)
        seen.add(text)
    return np.array(shares), np.array(repeated, dtype=np.bool_)


def _own(page: _Page) -> _Columns:
    """The block alone."""
    looks = page.looks
    return {
        "length": page.length,
        "links": page.linked / page.length,
        "bold": page.bold / page.length,
        "climb": page.climb,
        "words": looks[:, 1],
        "word length": looks[:, 2],
        "commas": looks[:, 3],
        "capitals": looks[:, 4],
        "digits": looks[:, 5],
        "first": looks[:, 6],
        "last": looks[:, 7],
        "date": looks[:, 8],
        "copyright": looks[:, 9],
        "prose": page.is_prose,
        "said": page.said,
        "least said": page.least_said,
        "called inside": page.called_inside,
        "pictures": page.pictures,
        "pictures +1": _shifted(page.pictures, 1),
        "title": page.title,
        "repeated": page.repeated,
        "hidden": page.is_hidden[page.node],
        "tag 0": page.tag[page.node],
        "tag 1": page.tag[page.above[page.node]],
        **{"in " + tags[0]: (page.mask[page.node] >> bit) & 1 for bit, tags in enumerate(_AROUND)},
    }


def _groups(page: _Page) -> _Columns:
    """All blocks of the page whose element looks the same, by ever longer paths."""
    node, above = page.node, page.above[page.node]
    columns: _Columns = {}
    for name, keys in (
        ("look", page.look[node]),
        ("path", page.path[node]),
        ("long path", page.path[above] * page.looks_in_all**2 + page.path[node]),
    ):
        _, group = np.unique(keys, return_inverse=True)
        count = np.bincount(group)
        length = np.bincount(group, page.length)
        columns[f"{name} count"] = count[group]
        columns[f"{name} prose"] = (np.bincount(group, page.prose) / page.total)[group]
        columns[f"{name} length"] = (length / count)[group]
        columns[f"{name} links"] = (np.bincount(group, page.linked) / length)[group]
        columns[f"{name} said"] = (np.bincount(group, page.said) / count)[group]
    return columns


_LEVELS = 4


def _levels(page: _Page) -> _Columns:
    """The block's element, the three around it, and their siblings that look the same."""
    _, siblings = np.unique(page.places.parent * page.looks_in_all + page.look, return_inverse=True)
    count = np.bincount(siblings)
    prose = (np.bincount(siblings, page.node_prose) / count)[siblings]
    length = np.bincount(siblings, page.node_length)
    links = (np.bincount(siblings, page.node_links * page.node_length) / length)[siblings]
    columns: _Columns = {}
    node = page.node
    for level in range(_LEVELS):
        columns[f"{level} called"] = page.called[node]
        columns[f"{level} hint"] = page.places.hint[node]
        columns[f"{level} share"] = page.share[node]
        columns[f"{level} prose"] = page.node_prose[node]
        columns[f"{level} links"] = page.node_links[node]
        columns[f"{level} blocks"] = page.node_blocks[node]
        columns[f"{level} prose blocks"] = page.node_prose_blocks[node]
        columns[f"{level} pictures"] = page.node_pictures[node]
        columns[f"{level} siblings"] = count[siblings[node]]
        columns[f"{level} siblings' prose"] = prose[node]
        columns[f"{level} siblings' links"] = links[node]
        node = page.above[node]
    return columns


def _meetings(parents: list[int], node: int) -> list[int]:
    """Return for each node the nearest around it that is ``node`` or around that.

    Those on this path meet it in themselves.
    """
    path = set()
    while node >= 0:
        path.add(node)
        node = parents[node]
    met: list[int] = []
    for here, parent in enumerate(parents):
        met.append(here if here in path else met[parent])
    return met


def _branch(page: _Page) -> _Columns:
    """The way from the best place to the block, and the branch that parts from it."""
    places = page.places
    best, meetings = places.best, page.meetings
    branch: list[int] = []
    for node, parent in enumerate(page.parents):
        if meetings[node] == node:
            branch.append(-1)
        else:
            branch.append(node if meetings[parent] == parent else branch[parent])
    met = places.depth[np.array(meetings)][page.node]
    part = np.array(branch)[page.node]
    is_on_path = part < 0
    part = np.maximum(part, 0)
    inside = (places.first[best] <= page.index) & (page.index < places.last[best])
    before_part = page.before_said[places.first[part]]
    said = (page.before_said[places.last[part]] - before_part) / np.maximum(
        1.0, page.node_blocks[part]
    )
    columns: _Columns = {
        "below": places.depth[page.node] - met,
        "above": places.depth[best] - met,
        "in best": inside,
        "after best": page.index >= places.last[best],
        "in furniture": np.array(places.is_furniture)[page.node],
        "branch said": np.where(is_on_path, 0.0, said),
    }
    for name, values in (
        ("share", page.share), ("prose", page.node_prose), ("links", page.node_links),
        ("blocks", page.node_blocks), ("tag", page.tag), ("called", page.called),
        ("hint", places.hint), ("prose blocks", page.node_prose_blocks),
    ):  # fmt: skip
        columns[f"branch {name}"] = np.where(is_on_path, -1.0, values[part])
    return columns


#: Share of the page's prose from which the names of an element tell nothing of a block.
_WHOLE = 0.9


def _chain(page: _Page) -> _Columns:
    """What the names of all elements around the block tell."""
    called, shares, hints = page.called.tolist(), page.share.tolist(), page.places.hint.tolist()
    rows: list[tuple[float, ...]] = []
    start = (0.0,) * 9
    for node, parent in enumerate(page.parents):
        row = rows[parent] if parent >= 0 else start
        here, share, is_on_path = called[node], shares[node], page.meetings[node] == node
        if not (here or hints[node] or is_on_path):  # most: their names tell nothing
            rows.append(row)
            continue
        total, least, most, low, high, nearest, whole, lowest, under = row
        if is_on_path:
            nearest = here
        else:
            total += here
            least, most = min(least, here), max(most, here)
            low, high = min(low, hints[node]), max(high, hints[node])
            nearest = here or nearest
        rest = here * (1.0 - share)
        whole += rest
        lowest = min(lowest, rest)
        if share < _WHOLE:
            under = min(under, here)
        rows.append((total, least, most, low, high, nearest, whole, lowest, under))
    table = np.array(rows)[page.node]
    names = (
        "chain called", "chain least called", "chain most called", "chain least hint",
        "chain most hint", "nearest called", "all called", "all least called",
        "parts least called",
    )  # fmt: skip
    page.chain = table[:, 0]
    return {name: table[:, number] for number, name in enumerate(names)}


#: Words and likeness from which a block is the headline.
_HEADLINE_WORDS = 3
_HEADLINE_SHARE = 0.7
#: Stands for a distance to what the page does not have.
_NOWHERE = -999.0


def _find_headline(page: _Page) -> tuple[int | None, int | None]:
    """Return the block that says the title, the one in an h1 first; and the longest h1."""
    in_h1 = (page.mask[page.node] & _H1) > 0
    says = (page.title > _HEADLINE_SHARE) & (page.looks[:, 1] > _HEADLINE_WORDS)
    both = np.flatnonzero(in_h1 & says)
    said = both if len(both) else np.flatnonzero(says)
    headings = np.flatnonzero(in_h1)
    longest = int(headings[np.argmax(page.length[headings])]) if len(headings) else None
    return (int(said[0]) if len(said) else longest), longest


def _headline(page: _Page) -> _Columns:
    """The way from the headline to the block."""
    headline, heading = _find_headline(page)
    columns: _Columns = {
        "blocks from h1": page.constant(_NOWHERE) if heading is None else page.index - heading
    }
    names = (
        "meeting share", "meeting above", "meeting below", "meeting blocks", "blocks from title",
        "prose from title",
    )  # fmt: skip
    if headline is None:
        return columns | dict.fromkeys(names, page.constant(_NOWHERE))
    places = page.places
    around = int(page.node[headline])
    met = np.array(_meetings(page.parents, around))[page.node]
    values = (
        page.share[met],
        places.depth[around] - places.depth[met],
        places.depth[page.node] - places.depth[met],
        page.node_blocks[met],
        page.index - headline,
        page.before_prose[:-1] - page.before_prose[headline],
    )
    return columns | dict(zip(names, values, strict=True))


#: Characters from which a block of prose is a paragraph of an article.
_PARAGRAPH = 120
#: Blocks; what is further away is far away.
_FAR = 60


def _paragraphs(page: _Page) -> Ints:
    """Return the blocks that are paragraphs; in want of them the longest texts."""
    found = np.flatnonzero(page.is_prose & (page.length > _PARAGRAPH))
    if not len(found):
        found = np.flatnonzero(page.is_prose)
    return found if len(found) else np.array([int(page.length.argmax())])


def _position(page: _Page) -> _Columns:
    """Where on the page the block stands, among its prose."""
    places, index = page.places, page.index
    paragraphs = _paragraphs(page)
    first, last = places.first[places.best], places.last[places.best]
    inside = paragraphs[(paragraphs >= first) & (paragraphs < last)]
    core = inside if len(inside) else paragraphs
    depth = places.depth[page.node]
    after = np.searchsorted(paragraphs, index)
    past = np.where(after > 0, paragraphs[np.maximum(after - 1, 0)], -_FAR)
    coming = np.where(
        after < len(paragraphs),
        paragraphs[np.minimum(after, len(paragraphs) - 1)],
        page.blocks + _FAR,
    )
    prose = page.before_prose
    main = np.bincount(page.above[page.node], page.prose).argmax()
    return {
        "position": index / page.blocks,
        "prose position": prose[:-1] / page.total,
        "prose before": prose[:-1],
        "prose after": prose[-1] - prose[1:],
        "blocks from first": index - core[0],
        "blocks from last": index - core[-1],
        "blocks from paragraph": np.minimum(index - past, _FAR),
        "blocks to paragraph": np.minimum(coming - index, _FAR),
        "with most prose": page.above[page.node] == main,
        "depth from core": depth - depth[core[len(core) // 2]],
        "page prose": page.constant(page.total),
        "page blocks": page.constant(page.blocks),
        "page links": page.constant(page.before_linked[-1] / max(1.0, page.before_length[-1])),
        "page best": page.constant(page.share[places.best]),
        "page best called": page.constant(page.called[places.best]),
        "page prose blocks": page.constant(page.is_prose.sum()),
        "page paragraph": page.constant(page.prose.sum() / max(1, page.is_prose.sum())),
    }


_WINDOWS = (3, 8)


def _around(page: _Page) -> _Columns:
    """The blocks before and after."""
    depth = page.places.depth[page.node] - page.places.depth[page.places.best]
    columns: _Columns = {}
    for name, values, steps in (
        ("length", np.log1p(page.length), (-1, 1, 2)),
        ("links", page.linked / page.length, (-1, 1)),
        ("said", page.said, (-2, -1, 1, 2)),
        ("called", page.called[page.node], (-1, 1)),
        ("chain called", page.chain, (-2, -1, 1, 2)),
        ("climb", page.climb, (1,)),
        ("depth", depth, (-1, 1, 2)),
    ):
        for step in steps:
            columns[f"{name} {step:+d}"] = _shifted(values, step)
    path = page.path[page.node]
    columns["path +1"] = _shifted(path, 1) == path
    for window in _WINDOWS:
        columns.update(_window(page, window))
    return columns


def _shifted(values: NDArray[np.generic], step: int) -> Floats:
    """Return for each block the value of the one ``step`` further; -1 beyond the page."""
    shifted = np.full(len(values), -1.0)
    if step < 0:
        shifted[-step:] = values[:step]
    else:
        shifted[:-step] = values[step:]
    return shifted


def _window(page: _Page, size: int) -> _Columns:
    """Shares of prose and of links among the characters of the blocks around."""
    here, after = page.index, page.index + 1
    start, end = np.maximum(here - size, 0), np.minimum(after + size, page.blocks)

    def share(of: Floats, first: Ints, last: Ints) -> Floats:
        length = page.before_length[last] - page.before_length[first]
        return (of[last] - of[first]) / np.maximum(1.0, length)

    prose, linked, said = page.before_prose, page.before_linked, page.before_said
    return {
        f"prose ±{size}": share(prose, start, end),
        f"links ±{size}": share(linked, start, end),
        f"said ±{size}": (said[end] - said[start]) / (end - start),
        f"prose +{size}": share(prose, after, end),
        f"links +{size}": share(linked, after, end),
        f"prose -{size}": share(prose, start, here),
    }
