"""read_features: figures of every block, on pages as odd as they come."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles.features import Features, read_features
from pipeline.articles.vocabulary import Vocabulary, words_of_text
from tests.articles.pages import MIXTURES, layout_of, prose

NOTHING = Vocabulary({}, {})
KNOWN = Vocabulary(
    {"entry": 1.5, "content": 1.0, "related": -2.0, "sidebar": -1.5, "lead": 0.5},
    {"read": -1.0, "more": -2.0, "the": 0.5, "#": -0.25, "tide": 1.0},
)
ARTICLE = "".join(f"<p>{prose(n, 2)}</p>" for n in range(4))
PAGE = (
    "<header><h1>The ferry of the river towns</h1></header><nav><a href='/'>Home</a></nav>"
    f"<div class='entry-content'>{ARTICLE}<p hidden>Kept for later <b>only</b></p></div>"
    "<aside class='related'><ul><li><a href='/1'>Read more</a></li><li>Read more</li></ul></aside>"
)


def read(body: str, vocabulary: Vocabulary = KNOWN, title: str = "") -> Features:
    return read_features(layout_of(body), vocabulary, title=title)


def column(name: str, features: Features) -> list[float]:
    found: list[float] = features.matrix[:, features.names.index(name)].tolist()
    return found


# --- any page ---------------------------------------------------------------

ODD = {
    "one block": "word",
    "one character": "<p>.</p>",
    "two blocks": "a<br>b",
    "only links": "<ul>" + "".join(f"<li><a href='/{n}'>Line {n}</a>" for n in range(40)) + "</ul>",
    "no sentence": "<p>a</p><p>b</p><p>c</p>",
    "no h1": ARTICLE,
    "only an h1": "<h1>The ferry of the river towns</h1>",
    "all in furniture": f"<nav><aside><footer>{ARTICLE}</footer></aside></nav>",
    "all hidden": f"<div hidden>{ARTICLE}</div>",
    "one long block": prose(1, 2_000),
    "no letters": "<p>...</p><p>12</p><p>— — —</p>",
    "marks without width": "<p>&#8203;</p><p>&#173;</p>",
    "deep": "<div>" * 200 + prose(1) + "</div>" * 200,
    "equal items": "<ul>" + "<li>The same line</li>" * 300 + "</ul>",
    "page": PAGE,
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("title", ["", "The ferry of the river towns", "\u200b ?"])
def test_every_figure_of_an_odd_page_is_a_number(name: str, title: str) -> None:
    features = read(ODD[name], title=title)
    assert features.matrix.shape == (len(features.looks), len(features.names))
    assert features.matrix.dtype == np.float32
    assert np.isfinite(features.matrix).all()


@settings(max_examples=60, deadline=None)
@given(MIXTURES.filter(lambda markup: bool(layout_of(markup).blocks)), st.text(max_size=40))
def test_every_figure_of_any_page_is_a_number(markup: str, title: str) -> None:
    features = read(markup, title=title)
    assert np.isfinite(features.matrix).all()
    assert features.names == read("word").names


def test_a_list_of_thousands_is_read_quickly() -> None:
    layout = layout_of("<ul>" + "<li><a href='/x'>The same line</a></li>" * 3_000 + "</ul>")
    started = time.process_time()
    features = read_features(layout, KNOWN, title="The same line")
    assert time.process_time() - started < 1
    assert features.matrix.shape[0] == 3_000
    assert np.isfinite(features.matrix).all()


def test_each_name_stands_once_and_in_the_same_place_for_all_pages() -> None:
    names = read(PAGE).names
    assert len(set(names)) == len(names)
    assert {read(body, NOTHING, title="x").names for body in ODD.values()} == {names}


def test_the_same_page_gives_the_same_figures() -> None:
    names, words = (dict(sorted(known.items())) for known in (KNOWN.names, KNOWN.words))
    turned = Vocabulary(names, words)
    assert [list(names), list(words)] != [list(KNOWN.names), list(KNOWN.words)]
    first, second, third = read(PAGE), read(PAGE), read(PAGE, turned)
    assert np.array_equal(first.matrix, second.matrix)
    assert np.array_equal(first.matrix, third.matrix)


def test_what_the_page_calls_itself_is_one_figure_of_all_blocks() -> None:
    layout = layout_of(PAGE)
    plain, called = (read_features(layout, KNOWN, is_article=known) for known in (False, True))
    differing = np.flatnonzero((plain.matrix != called.matrix).any(axis=0))
    assert [plain.names[n] for n in differing] == ["page article"]
    assert set(column("page article", called)) == {1.0}


# --- single figures ---------------------------------------------------------


def figures(name: str, body: str = PAGE, title: str = "") -> dict[str, float]:
    """Return the figure of that name, by the first word of each block."""
    layout = layout_of(body)
    found = column(name, read_features(layout, KNOWN, title=title))
    words = (block.text.split()[0].rstrip(".") for block in layout.blocks)
    return dict(zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("links", "<p>one</p><p><a href='/'>two</a></p>", {"one": 0.0, "two": 1.0}),
        ("bold", "<b>one</b><br>two <b>bbb</b>", {"one": 1.0, "two": pytest.approx(3 / 7)}),
        ("climb", "<p>one<br>two</p><p>three</p>", {"one": 2.0, "two": 0.0, "three": 1.0}),
        ("repeated", "<p>one two</p><p>three</p><p>one two</p>", {"one": 1.0, "three": 0.0}),
        ("hidden", "<div hidden><p>one</p></div>two", {"one": 1.0, "two": 0.0}),
        ("in li", "<ul><li><p>one</p></li></ul>two", {"one": 1.0, "two": 0.0}),
        ("in h2", "<h3>one</h3><h1>two</h1>three", {"one": 1.0, "two": 0.0, "three": 0.0}),
        (
            "tag 0",
            "<div>one</div><p>two</p><fieldset>three</fieldset>",
            {"one": 0.0, "two": 1.0, "three": 37.0},
        ),
        ("said", "<p>one</p><p>Read more</p>", {"one": 0.0, "Read": pytest.approx(-3 / 2**0.5)}),
        ("least said", "<p>The tide</p><p>Read more</p>", {"The": 0.5, "Read": -2.0}),
        ("0 called", "<p class='entry-content'>one</p>two", {"one": 2.5, "two": 0.0}),
        ("1 called", "<div class='related'><p>one</p></div>two", {"one": -2.0, "two": 0.0}),
        ("called inside", "<p>one <b class='lead'>x</b></p><p>two</p>", {"one": 0.5, "two": 0.0}),
        (
            "look count",
            "<p>one</p><p>two</p><div>three</div>",
            {"one": 2.0, "two": 2.0, "three": 1.0},
        ),
        ("length -1", "<p>one</p><p>two</p>", {"one": -1.0, "two": pytest.approx(np.log1p(3))}),
        ("length +1", "<p>one</p><p>two</p>", {"one": pytest.approx(np.log1p(3)), "two": -1.0}),
        ("page blocks", "<p>one</p><p>two</p>", {"one": 2.0, "two": 2.0}),
        ("position", "<p>one</p><p>two</p>", {"one": 0.0, "two": 0.5}),
    ],
)
def test_a_figure_says_what_its_name_says(name: str, body: str, expected: dict[str, float]) -> None:
    assert figures(name, body) == expected


def test_the_headline_is_looked_for_by_the_title() -> None:
    title = "The ferry of the river towns – Courier"
    body = f"<p>Ferry</p><h1>Courier</h1><h2>The ferry of the river towns</h2>{ARTICLE}"
    shares = column("title", read(body, title=title))
    assert shares[:3] == [1.0, 1.0, 1.0]
    assert max(shares[3:]) < 0.7
    assert column("blocks from title", read(body, title=title))[:4] == [-2.0, -1.0, 0.0, 1.0]


def test_without_a_headline_all_blocks_are_far_from_it() -> None:
    features = read(ARTICLE)
    for name in ("blocks from h1", "blocks from title", "meeting share"):
        assert set(column(name, features)) == {-999.0}


def test_without_a_title_the_longest_h1_is_the_headline() -> None:
    body = "<h1>Courier</h1><p>Ferry</p><h1>The ferry of the river towns</h1><p>Tide</p>"
    assert column("blocks from title", read(body)) == [-2.0, -1.0, 0.0, 1.0]


def test_the_best_place_is_known_to_the_blocks() -> None:
    features = read(PAGE)
    assert column("in best", features) == [0, 0, 1, 1, 1, 1, 1, 0, 0]
    assert column("after best", features) == [0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert column("in furniture", features) == [0, 1, 0, 0, 0, 0, 0, 1, 1]


# --- words ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "expected"),
    [("", 0.0), ("entryContent", 2.5), ("entry entry-content", 2.5), ("unknown x", 0.0),
     ("related_sidebar_2", -3.5)],
)  # fmt: skip
def test_the_words_of_names_are_weighed_each_once(names: str, expected: float) -> None:
    assert KNOWN.weigh_names(names) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("...", (0.0, 0.0)),
        ("Unknown", (0.0, 0.0)),
        ("The", (0.5, 0.5)),
        ("READ MORE", (-3 / 2**0.5, -2.0)),
        ("The tide", (1.5 / 2**0.5, 0.5)),
        ("Tide 31 of 2025", (0.75 / 3**0.5, -0.25)),
        ("word " * 40 + "read more", (0.0, 0.0)),
    ],
)
def test_the_first_words_of_a_text_are_weighed(text: str, expected: tuple[float, float]) -> None:
    assert KNOWN.weigh_text(text) == pytest.approx(expected)


def test_twelve_words_stand_for_a_text() -> None:
    assert words_of_text(" ".join(f"w{n}" for n in range(20))) == tuple(f"w{n}" for n in range(12))
