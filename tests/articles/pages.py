"""Pages for the tests of what reads their text: invented, and mixtures of any tags."""

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from hypothesis import strategies as st
from lxml import etree
from numpy.typing import NDArray

from pipeline.articles.blocks import Layout, read_layout
from pipeline.articles.features import Features
from pipeline.articles.tree import parse_page
from pipeline.articles.vocabulary import Vocabulary
from pipeline.model import Page
from tests.fakes import NOW

#: A sentence that is prose by its length; with another number nearly all of its runs of five
#: words are others.
_PROSE = (
    "On day {0} of spring ferry {0} carried {0} more people over river {0} than the day before."
)


def prose(number: int, sentences: int = 1) -> str:
    """Return sentences that no other number gives."""
    return " ".join(_PROSE.format(number * 100 + n) for n in range(sentences))


def tree_of(body: str) -> etree._Element:
    """Return the tree of a page, as the product reads it."""
    url = "https://courier.example/a"
    markup = f"<!doctype html><html><head><title>t</title></head><body>{body}</body></html>"
    headers = {"content-type": "text/html; charset=utf-8"}
    page = Page(
        url=url, final_url=url, status=200, headers=headers, body=markup.encode(), fetched_at=NOW
    )
    return parse_page(page)


def body_of(body: str) -> etree._Element:
    """Return the body of a page's tree."""
    found = tree_of(body).find("body")
    assert found is not None
    return found


def layout_of(body: str) -> Layout:
    """Return the blocks and nodes of a page."""
    return read_layout(body_of(body))


def texts_of(root: etree._Element) -> list[str]:
    """Return the texts of the blocks of ``root``, which stays as it is."""
    body = deepcopy(root).find("body")
    return [block.text for block in read_layout(body).blocks] if body is not None else []


@dataclass(frozen=True)
class Told:
    """A judge that was told the probability of each block."""

    likely: list[float]
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary({}, {}))

    def judge(self, features: Features) -> NDArray[np.float64]:
        assert len(features.looks) == len(self.likely)
        return np.array(self.likely)


_SENTENCE = "Tide {0} came to harbour {0}, and boat {0} left quay {0}. "
_TAGS = (
    "p", "div", "div class='related'", "ul", "li", "table", "tr", "td", "h2", "blockquote", "pre",
    "b", "a href='/x'", "span class='lead'", "em", "article", "footer hidden", "o-tag",
)  # fmt: skip
_ANY = (
    *("m{}", "m{}", " m{} ", " m{} ", _SENTENCE, "<br>", "<br>", "<hr>", "<img>", "\n", "&nbsp;"),
    *(f"<{tag}>" for tag in _TAGS),
    *(f"</{tag.split()[0]}>" for tag in _TAGS),
)
#: What pages without paragraphs are made of.
_WHOLE = ("m{}", "<div>m{}</div>", "<b>m{}</b>", "<br>", "<ul><li>m{}</ul>")


def _numbered(pieces: list[str]) -> str:
    numbers = count()
    return "".join(piece.format(next(numbers)) if "{" in piece else piece for piece in pieces)


#: Any mixture of forty tags and words at most; no two words are the same.
MIXTURES = (
    st.lists(st.sampled_from(_ANY), max_size=40) | st.lists(st.sampled_from(_WHOLE), max_size=40)
).map(_numbered)
