"""The part of a page that is the article: its tree, rid of all else.

A judge gives each block of the page its probability; what is likely enough stays. The
bar is lower on a page where nothing is sure, or a strange page would give no text at all.
What readers wrote below, what stands under pictures and what claims all rights goes
whatever the judge says, and so does a text that another part of the page has already said:
mobile and desktop copies, boxes of highlights, texts kept for a script.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from pipeline.articles.blocks import BLOCK, Block, Layout, Node, read_layout
from pipeline.articles.features import Features, read_features
from pipeline.articles.judges import Judge
from pipeline.articles.tree import Unreadable
from pipeline.model import Reason


@dataclass(frozen=True, slots=True)
class Content:
    """What was found of the article."""

    element: etree._Element | None  # holds its text and no other; None: none was found
    confidence: float = 0.0  # the F1 that the judge expects of this choice, 0–1


def find_content(
    root: etree._Element, judge: Judge, *, title: str = "", is_article: bool = False
) -> Content:
    """Return the article's part of the tree ``root``; changes the tree.

    Raise Unreadable for a text of more than three million characters.

    ``title`` is the page's headline, ``is_article`` whether the page calls itself an article.
    """
    body = root.find("body")
    layout = read_layout(body) if body is not None else Layout()
    if body is None or not layout.blocks:
        return Content(None)
    features = read_features(layout, judge.vocabulary, title=title, is_article=is_article)
    likely = np.where(_never(layout, features), 0.0, judge.judge(features))
    words = np.array([look.words for look in features.looks], dtype=np.float64)
    kept = likely > _bar(likely, words)
    kept &= ~(_labels_at_the_ends(features, words, kept) & (likely < _LABEL_BAR))
    kept &= ~(_under_pictures(layout, features) & (likely < _CAPTION_BAR))
    if not kept.any():
        return Content(None)
    length = sum(features.looks[place].length for place in np.flatnonzero(kept))
    if length > _LONGEST_TEXT:
        raise Unreadable(Reason.TOO_LARGE, f"{length:,} characters of text")
    _drop_said_before(layout, kept)
    confidence = _expected_f1(likely, words, kept)
    _prune(layout, kept.tolist())
    return Content(body, confidence)


#: Characters; the longest of 2,000 public articles has 200,000.
_LONGEST_TEXT = 3_000_000

# --- what stays ------------------------------------------------------------

_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]

#: A block stays from this share of the probability of the page's likeliest hundred and fifty
#: words, but never below the least.
_SHARE = 0.4
_LEAST_BAR = 0.1
_SURE_WORDS = 150


def _bar(likely: _Floats, words: _Floats) -> float:
    order = np.argsort(-likely, kind="stable")
    top = order[: int(np.searchsorted(np.cumsum(words[order]), _SURE_WORDS)) + 1]
    sureness = float((likely[top] * words[top]).sum() / words[top].sum())
    return max(_LEAST_BAR, _SHARE * sureness)


#: Words of a paragraph, of a label, and the probability that a label needs before the first
#: paragraph or behind the last: there stand rubrics, names and tools.
_PARAGRAPH_WORDS = 12
_LABEL_WORDS = 8
_LABEL_BAR = 0.7


def _labels_at_the_ends(features: Features, words: _Floats, kept: _Bools) -> _Bools:
    """Tell which blocks are lines of no sentence, before all paragraphs or behind them."""
    paragraphs = np.flatnonzero(kept & (words >= _PARAGRAPH_WORDS))
    if not len(paragraphs):
        return np.zeros(len(kept), dtype=np.bool_)
    place = np.arange(len(kept))
    is_outside = (place < paragraphs[0]) | (place > paragraphs[-1])
    is_label = [not look.ends_sentence for look in features.looks]
    labels: _Bools = is_outside & (words <= _LABEL_WORDS) & np.array(is_label)
    return labels


#: Words of a caption, which is no sentence, and the probability that a line needs to be none.
#: Of such lines behind a picture a quarter belong to the article, most of them in lists.
_CAPTION_WORDS = 12
_CAPTION_BAR = 0.9


def _under_pictures(layout: Layout, features: Features) -> _Bools:
    """Tell which blocks are a line of no sentence behind a picture, and no heading."""
    nodes = layout.nodes
    return np.array(
        [
            block.pictures == 1
            and look.words <= _CAPTION_WORDS
            and not look.ends_sentence
            and nodes[block.node].tag not in _HEADINGS
            for block, look in zip(layout.blocks, features.looks, strict=True)
        ]
    )


_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


def _never(layout: Layout, features: Features) -> _Bools:
    """Tell which blocks stand in captions, where readers speak, or claim all rights."""
    is_caption: list[bool] = []
    for node in layout.nodes:
        is_inside = node.parent >= 0 and is_caption[node.parent]
        is_caption.append(is_inside or node.tag == "figcaption")
    is_comment = features.places.is_comments
    return np.array(
        [
            is_caption[block.node] or is_comment[block.node] or look.is_copyright
            for block, look in zip(layout.blocks, features.looks, strict=True)
        ]
    )


_WORD = re.compile(r"\w+")
#: Words in a row by which a text is known again, and the least that a text must have.
_RUN = 5
_LEAST_WORDS = 8
#: Characters that tell whether a text is known.
_ENOUGH = 20_000
#: Share of its runs that were said before, from which a text says nothing new.
_SAID = 0.8


def _drop_said_before(layout: Layout, kept: _Bools) -> None:
    """Drop what elements before said already; a refrain within one element stays."""
    said: dict[tuple[str, ...], int] = {}
    for place in np.flatnonzero(kept).tolist():
        block = layout.blocks[place]
        words = _WORD.findall(block.text[:_ENOUGH])
        if len(words) < _LEAST_WORDS:
            continue
        runs = list(zip(*(words[i:] for i in range(_RUN)), strict=False))
        around = _around(layout.nodes, block)
        repeated = sum([said.get(run, around) != around for run in runs])
        if repeated > len(runs) * _SAID:
            kept[place] = False
        else:
            for run in runs:
                said.setdefault(run, around)


def _around(nodes: list[Node], block: Block) -> int:
    return max(nodes[block.node].parent, 0)


def _expected_f1(likely: _Floats, words: _Floats, kept: _Bools) -> float:
    """Return the F1 by words that is expected if each probability is what it says."""
    right = float((likely * words)[kept].sum())
    wanted = float((likely * words).sum())
    return 2 * right / (wanted + float(words[kept].sum()))


# --- the tree --------------------------------------------------------------


def _prune(layout: Layout, kept: list[bool]) -> None:
    """Take out of the tree the text of all blocks that are not kept."""
    for block, stays in zip(layout.blocks, kept, strict=True):
        if not stays:
            for element, is_tail in block.pieces:
                if is_tail:
                    element.tail = None
                else:
                    element.text = None
    kept_before = np.concatenate([[0], np.cumsum(kept)]).tolist()
    _take_out(node for node in layout.nodes if kept_before[node.last] == kept_before[node.first])


def _take_out(nodes: Iterable[Node]) -> None:
    for node in nodes:
        element = node.element
        parent = element.getparent()
        if parent is None:
            continue
        following = element.getnext()
        is_before_text = element.tail is not None and not element.tail.isspace()
        if is_before_text or (following is not None and following.tag not in BLOCK):
            tail = element.tail
            element.clear()  # it still parts what stands on either side
            element.tail = tail
        else:
            parent.remove(element)
