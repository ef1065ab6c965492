"""find_content: what stays of a page, whoever judges it."""

import re
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from numpy.typing import NDArray

from pipeline.articles.content import Content, find_content
from pipeline.articles.features import Features
from pipeline.articles.judges import Judge, Rules
from pipeline.articles.paragraphs import read_paragraphs
from pipeline.articles.vocabulary import Vocabulary
from tests.articles.pages import MIXTURES, Told, prose, texts_of, tree_of

SURE = 0.9
ARTICLE = "".join(f"<p>{prose(n, 2)}</p>" for n in range(4))
TEXT = [prose(n, 2) for n in range(4)]


def find(body: str, odds: Mapping[str, float] | None = None) -> Content:
    """Let a judge choose who is sure of all texts but for those in ``odds``."""
    root, told = tree_of(body), odds or {}
    texts = texts_of(root)
    assert told.keys() <= set(texts)
    return find_content(root, Told([told.get(text, SURE) for text in texts]))


def read(body: str, *dropped: str) -> list[str]:
    """Return the paragraphs that stay where a judge drops those texts."""
    return paragraphs_of(find(body, dict.fromkeys(dropped, 0.0)))


def paragraphs_of(content: Content) -> list[str]:
    return read_paragraphs(content.element) if content.element is not None else []


# --- what is dropped goes, and nothing else ---------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>one</p><p>no</p><p>two</p>", ["one", "two"]),
        ("one<br>no<br>two", ["one", "two"]),
        ("no<br>one<br>two", ["one\ntwo"]),
        ("<p>one<br>no</p><p>two</p>", ["one", "two"]),
        ("<div>one<div>no</div>two</div>", ["one", "two"]),
        ("one<div>no</div>two", ["one", "two"]),
        ("one<div>no</div><b>two</b>", ["one", "two"]),
        ("<p>one</p><div>no</div>two", ["one", "two"]),
        ("<div><div>no</div>one</div>two", ["one", "two"]),
        ("<div>one<ul><li>no</li></ul>two</div>", ["one", "two"]),
        ("<div>no<p>one</p></div><div>two</div>", ["one", "two"]),
        ("<div><p>one</p>no</div><p>two</p>", ["one", "two"]),
        ("<p>one</p><a href='/x'>no</a><p>two</p>", ["one", "two"]),
        ("<p>one</p><p>n<b>o</b></p><p>two</p>", ["one", "two"]),
        ("<ul><li>one</li><li>no</li><li>two</li></ul>", ["one\ntwo"]),
        ("<table><tr><td>one<td>no<tr><td>two</table>", ["one\ntwo"]),
        ("<div><img>one</div><div>no<img></div><div>two</div>", ["one", "two"]),
        ("<div>one<div><div>no</div></div></div><div>two</div>", ["one", "two"]),
    ],
)
def test_a_text_is_taken_out_and_what_is_around_it_stays(body: str, expected: list[str]) -> None:
    assert read(body, "no") == expected


def test_what_a_reader_does_not_see_goes_too() -> None:
    body = f"<script>no()</script>{ARTICLE}<noscript>no</noscript><select><option>no</select>"
    assert read(body) == TEXT


@pytest.mark.parametrize(
    "body",
    [
        f"{ARTICLE}</body><p>{prose(9)}</p>",
        f"{ARTICLE}</body></html><p>{prose(9)}</p>",
        f"{ARTICLE}</body><body class='second'><p>{prose(9)}</p>",
    ],
)
def test_what_stands_behind_the_end_of_the_body_is_read(body: str) -> None:
    assert read(body) == [*TEXT, prose(9)]


@pytest.mark.parametrize("root", ["<html><head><title>t</title></head></html>", "<html></html>"])
def test_a_tree_without_a_body_has_no_article(root: str) -> None:
    assert find_content(etree.fromstring(root), Told([])) == Content(None, 0.0)


@pytest.mark.parametrize("body", ["", "<p> </p><img>", "<script>no()</script>"])
def test_a_page_without_text_has_no_article(body: str) -> None:
    assert find_content(tree_of(body), Told([])) == Content(None, 0.0)


def test_a_page_of_which_nothing_is_likely_has_no_article() -> None:
    assert find("<p>one</p><p>two</p>", {"one": 0.05, "two": 0.05}) == Content(None, 0.0)


def test_the_rules_find_an_article() -> None:
    body = (
        "<nav><a href='/'>Home</a></nav>"
        f"<div class='content'>{ARTICLE}<div class='related'>Another ferry</div></div>"
        "<footer>The courier of the river towns</footer>"
    )
    assert paragraphs_of(find_content(tree_of(body), Rules())) == TEXT


class Asked:
    """A judge that keeps what it was asked."""

    vocabulary = Vocabulary({"lead": 2.0}, {})
    features: Features

    def judge(self, features: Features) -> NDArray[np.float64]:
        self.features = features
        return np.full(len(features.looks), SURE)

    def figure(self, name: str) -> list[float]:
        found: list[float] = self.features.matrix[:, self.features.names.index(name)].tolist()
        return found


def test_a_judge_is_told_of_the_title_of_its_words_and_of_what_the_page_calls_itself() -> None:
    asked = Asked()
    root = tree_of("<h1>The ferry sails</h1><p class='lead'>Tide</p>")
    find_content(root, asked, title="The ferry sails", is_article=True)
    assert asked.figure("title") == [1.0, 0.0]
    assert asked.figure("0 called") == [0.0, 2.0]
    assert asked.figure("page article") == [1.0, 1.0]


# --- the bar ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("surest", "likely", "stays"),
    [
        (0.95, 0.5, True), (0.95, 0.3, False),
        (0.5, 0.3, True), (0.5, 0.15, False),
        (0.2, 0.12, True), (0.2, 0.09, False),
    ],
)  # fmt: skip
def test_the_bar_is_lower_on_a_page_that_is_unsure(
    surest: float, likely: float, stays: bool
) -> None:
    texts = [prose(n, 4) for n in range(3)]
    body = f"<p>{texts[0]}</p><p>It sails.</p><p>{texts[1]}</p><p>{texts[2]}</p>"
    content = find(body, {**dict.fromkeys(texts, surest), "It sails.": likely})
    assert ("It sails." in paragraphs_of(content)) is stays
    assert set(texts) <= set(paragraphs_of(content))


def test_a_sure_line_or_two_on_an_unsure_page_do_not_raise_the_bar() -> None:
    content = find(f"<h1>The ferry</h1>{ARTICLE}", dict.fromkeys(TEXT, 0.3))
    assert paragraphs_of(content) == ["The ferry", *TEXT]


LINE = "On that day nobody in town crossed the wide river without a coat."


@pytest.mark.parametrize(
    ("body", "doubtful", "stays"),
    [
        (f"<p>Society</p>{ARTICLE}", {"Society": 0.6}, False),
        (f"{ARTICLE}<p>Print</p>", {"Print": 0.6}, False),
        (f"{ARTICLE}<p>Print</p>", {"Print": 0.8}, True),
        (f"{ARTICLE}<h2>At sea</h2>{LINE}", {"At sea": 0.6}, True),
        (f"{ARTICLE}<p>{LINE}</p>", {LINE: 0.6}, True),
        ("<p>Society</p><p>Print</p>", {"Society": 0.6}, True),
    ],
)
def test_a_label_before_or_behind_all_paragraphs_has_to_be_surer(
    body: str, doubtful: dict[str, float], stays: bool
) -> None:
    [label] = doubtful
    assert (label in paragraphs_of(find(body, doubtful))) is stays


# --- captions and readers ---------------------------------------------------


def test_captions_go_with_all_in_them() -> None:
    body = f"<figure><img><figcaption><p>A boat</p>Photo</figcaption></figure>{ARTICLE}"
    assert read(body) == TEXT


def test_a_figure_without_a_caption_stays() -> None:
    assert read(f"<figure><blockquote>It sails.</blockquote></figure>{ARTICLE}") == [
        "It sails.",
        *TEXT,
    ]


@pytest.mark.parametrize("name", ["comments", "comment-list", "yorumlar", "serhler"])
def test_readers_go_where_they_speak_behind_the_article(name: str) -> None:
    body = f"{ARTICLE}<div class='{name}'><p>{prose(7)}</p><p>{prose(8)}</p></div><p>It ends.</p>"
    assert read(body) == [*TEXT, "It ends."]


@pytest.mark.parametrize(
    "body",
    [
        f"<article class='post comments-open'>{ARTICLE}</article>",
        f"<p>By the harbour office</p><div class='comments-open'>{ARTICLE}</div>",
        f"<div class='comments'>{ARTICLE}</div>",
        f"<div class='discussion'>{ARTICLE}</div>",
    ],
)
def test_an_article_that_may_be_commented_on_stays(body: str) -> None:
    assert read(body)[-4:] == TEXT


# --- what was said before ---------------------------------------------------

ALMOST = prose(1, 2).removesuffix("before.") + "of before."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<div>{ARTICLE}</div><div>{ARTICLE}</div>", TEXT),
        (f"<div><ul><li>{TEXT[1]}</li></ul></div><div>{ARTICLE}</div>",
         [TEXT[1], TEXT[0], *TEXT[2:]]),
        (f"<div>{ARTICLE}</div><section><p>{ALMOST}</p></section>", TEXT),
        (f"<div>{ARTICLE}</div><div>{TEXT[0]} {TEXT[1]}</div>", TEXT),
        (f"<div>{ARTICLE}</div><div><p>{TEXT[0]} {prose(8, 2)}</p></div>",
         [*TEXT, f"{TEXT[0]} {prose(8, 2)}"]),
        (f"<div>{ARTICLE}</div><div><p>It sails again.</p></div><div>It sails again.</div>",
         [*TEXT, "It sails again.", "It sails again."]),
    ],
)  # fmt: skip
def test_what_another_element_said_before_is_not_said_again(body: str, expected: list[str]) -> None:
    assert read(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        f"<div><p>{TEXT[0]}</p><p>{TEXT[1]}</p><p>{TEXT[0]}</p></div>",
        f"<p>{TEXT[0]}</p><p>{TEXT[1]}</p><p>{TEXT[0]}</p>",
        f"<div>{TEXT[0]}<br><br>{TEXT[1]}<br><br>{TEXT[0]}</div>",
        f"<ul><li>{TEXT[0]}<li>{TEXT[1]}<li>{TEXT[0]}</ul>",
    ],
)
def test_a_refrain_within_one_element_stays(body: str) -> None:
    assert " ".join(read(body)).split() == " ".join([TEXT[0], TEXT[1], TEXT[0]]).split()


def test_a_text_that_was_dropped_was_not_said() -> None:
    body = f"<div><p>{TEXT[0]}</p></div><figure><figcaption>{TEXT[1]}</figcaption></figure>"
    assert read(f"{body}<section><p>{TEXT[1]}</p></section>") == TEXT[:2]


# --- confidence -------------------------------------------------------------


@pytest.mark.parametrize(
    ("odds", "expected"),
    [
        ({}, 2 * 0.9 * 6 / (0.9 * 6 + 6)),
        ({"d e f": 0.1}, 2 * 0.9 * 3 / (0.9 * 3 + 0.1 * 3 + 3)),
        ({"a b c": 1.0, "d e f": 0.0}, 1.0),
        ({"a b c": 0.5, "d e f": 0.5}, 2 * 0.5 * 6 / (0.5 * 6 + 6)),
    ],
)
def test_confidence_is_the_f1_that_is_expected(odds: dict[str, float], expected: float) -> None:
    assert find("<p>a b c</p><p>d e f</p>", odds).confidence == pytest.approx(expected)


# --- any page ---------------------------------------------------------------


def words_of(texts: list[str]) -> list[str]:
    return re.findall(r"\w+", " ".join(texts))


@settings(max_examples=150, deadline=None)
@given(MIXTURES, st.lists(st.booleans(), min_size=40, max_size=40))
def test_of_any_page_the_kept_words_stay_in_order_and_no_others(
    markup: str, choice: list[bool]
) -> None:
    root = tree_of(markup)
    texts = texts_of(root)
    stays = choice[: len(texts)]
    content = find_content(root, Told([float(kept) for kept in stays]))
    kept = [text for text, is_kept in zip(texts, stays, strict=True) if is_kept]
    assert words_of(paragraphs_of(content)) == words_of(kept)
    assert content.confidence == (1.0 if kept else 0.0)


@settings(max_examples=60, deadline=None)
@given(MIXTURES, st.lists(st.floats(0, 1), min_size=40, max_size=40))
def test_confidence_is_a_share_whatever_the_judge_says(markup: str, likely: list[float]) -> None:
    root = tree_of(markup)
    texts = texts_of(root)
    content = find_content(root, Told(likely[: len(texts)]))
    assert 0 <= content.confidence <= 1
    assert (content.confidence > 0) is (content.element is not None)


@settings(max_examples=60, deadline=None)
@given(MIXTURES)
def test_the_rules_add_nothing_and_move_nothing(markup: str) -> None:
    judge: Judge = Rules()
    root = tree_of(markup)
    texts = texts_of(root)
    rest = iter(words_of(texts))
    assert all(word in rest for word in words_of(paragraphs_of(find_content(root, judge))))
