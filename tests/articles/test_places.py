"""find_places: where the rules see the article, furniture and the readers' voices."""

import numpy as np
import pytest

from pipeline.articles.blocks import Layout
from pipeline.articles.looks import looks_of
from pipeline.articles.places import Places, before, find_places
from tests.articles.pages import layout_of, prose

LINKS = "".join(f"<li><a href='/{n}'>The line {n} of the ferry</a></li>" for n in range(30))
ARTICLE = "".join(f"<p>{prose(n, 2)}</p>" for n in range(4))


def places_of(body: str) -> tuple[Layout, Places]:
    layout = layout_of(body)
    return layout, find_places(layout, [looks_of(block.text) for block in layout.blocks])


def best_of(body: str) -> str | None:
    layout, places = places_of(body)
    return layout.nodes[places.best].element.get("id")


# --- where the article stands -----------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        f"<ul>{LINKS}</ul><div id='it'>{ARTICLE}</div><ul>{LINKS}</ul>",
        f"<div class='wrap'><nav>{LINKS}</nav><article id='it'>{ARTICLE}</article></div>",
        f"<div id='it'>{ARTICLE}</div><div class='related'>{ARTICLE[:300]}</div>",
        f"<div id='it' class='sidebar'>{ARTICLE}</div><ul>{LINKS}</ul>",
        f"<table><tr><td>{LINKS}</td><td id='it'>{ARTICLE}</td></tr></table>",
        f"<table><tr><td id='it'>{prose(1, 3)}<br><br>{prose(2, 3)}</td></tr></table>",
        f"<div id='it'><div>{ARTICLE}</div><div>{ARTICLE}</div></div><div>{prose(9)}</div>",
        f"<div><div id='it'>{ARTICLE}</div><div>Contact</div><div>Imprint</div></div>",
        "<ul>" + LINKS * 9 + f"</ul><div id='it'><p>{prose(1)}</p><p>{prose(2)}</p></div>",
    ],
)
def test_the_best_place_holds_the_article_and_little_else(body: str) -> None:
    assert best_of(body) == "it"


@pytest.mark.parametrize(
    "body", ["word", f"<ul>{LINKS}</ul>", "<nav>word</nav>", "<p>a</p><p>b</p>"]
)
def test_a_page_without_an_article_has_a_best_place_too(body: str) -> None:
    layout, places = places_of(body)
    assert 0 <= places.best < len(layout.nodes)


# --- furniture --------------------------------------------------------------


def furniture_of(body: str) -> set[str]:
    layout, places = places_of(body)
    pairs = zip(layout.nodes, places.is_furniture, strict=True)
    return {node.element.get("id", "") for node, is_furniture in pairs if is_furniture}


def test_what_is_named_as_furniture_is_with_all_in_it() -> None:
    body = (
        f"<nav id='nav'><ul id='list'>{LINKS.replace('<li>', '<li id=line>')}</ul></nav>"
        f"<div id='text'>{ARTICLE}<div class='related' id='related'><p id='other'>A line</p></div>"
        "</div><div class='share-buttons' id='share'>Share</div><footer id='foot'>2025</footer>"
    )
    assert furniture_of(body) == {"nav", "list", "line", "related", "other", "share", "foot"}


def test_what_holds_most_of_the_prose_is_no_furniture_whatever_its_name() -> None:
    assert (
        furniture_of(f"<div class='has-sidebar' id='all'><p id='p'>{prose(1, 4)}</p></div>")
        == set()
    )


# --- where readers speak ----------------------------------------------------


def comments_of(body: str) -> set[str]:
    layout, places = places_of(body)
    pairs = zip(layout.nodes, places.is_comments, strict=True)
    return {node.element.get("id", "") for node, is_comment in pairs if is_comment}


@pytest.mark.parametrize(
    "attributes",
    ["class='comments'", "class='comment-list'", "class='x comments-area'", "class='yorumlar'",
     "class='serhler'", "class='disqus_thread'", "class='Kommentare'", "role='comments'"],
)  # fmt: skip
def test_readers_speak_behind_the_article_in_what_is_named_so(attributes: str) -> None:
    body = f"<div id='text'>{ARTICLE}</div><div id='c1' {attributes}><p id='c2'>Well said</p></div>"
    assert comments_of(body) == {"c1", "c2"}


@pytest.mark.parametrize(
    "body",
    [
        f"<body class='comments'><div id='text'>{ARTICLE}</div>",
        f"<div id='text'>{ARTICLE}</div><div class='comments-open' id='more'>{ARTICLE}</div>",
        f"<div class='comments' id='first'>{ARTICLE}</div>",
        f"<p>{prose(1)}</p><div class='comments' id='soon'>Well said</div>",
        f"<ul>{LINKS * 5}</ul><div class='comments' id='links'>Well said</div>",
    ],
)
def test_nobody_speaks_before_the_article_or_under_another_name(body: str) -> None:
    assert comments_of(body) == set()


# --- sums -------------------------------------------------------------------


def test_sums_are_those_of_the_blocks_in_each_node() -> None:
    layout, places = places_of("<div><p>one<br>three</p><p>four</p></div>eleven")
    lengths = np.array([len(block.text) for block in layout.blocks])
    assert before(lengths).tolist() == [0, 3, 8, 12, 18]
    sums = places.sums(before(lengths)).tolist()
    assert dict(zip((node.tag for node in layout.nodes[:3]), sums, strict=False)) == {
        "body": 18, "div": 12, "p": 8,
    }  # fmt: skip


def test_prose_is_counted_without_links() -> None:
    link = "the timetable of the harbour"
    layout, places = places_of(f"<p>{prose(1)} <a href='/x'>{link}</a></p><p>Menu</p>{LINKS}")
    assert places.prose.tolist()[:2] == [len(layout.blocks[0].text) - len(link), 0]
    assert places.total == places.prose[0]
