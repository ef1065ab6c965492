"""read_selected: what stands where sources.yaml says, and what is found to be missing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.articles.selected import MOST_ELEMENTS, Selected, choose, read_selected
from pipeline.model import ArticleSelectors

BODY = """
<div class="top"><h1 class="head">The choir<br>sings   again</h1><h1>Another</h1>
  <p class="by">By <a class="name">The harbour office</a> and <a class="name">the school</a></p>
  <p class="by"><a class="name">The harbour office</a></p>
  <span class="when"><i class="icon"></i><time datetime="2025-12-31T18:05+04:00">31 dekabr</time>
  </span></div>
<div class="story"><h2>In the hall</h2><p>Guests came <b>by ferry</b>.</p>
  <div class="more"><div class="more">Read also</div></div>
  <div class="story"><p>The boat waited.</p></div></div>
<table><tr><td class="cell">Tea<br>and sweets</td><td>Menu</td></tr></table>
<div class="story"><p>It ended at ten.</p></div>
<div class="shell"> <script>render()</script> </div>
"""
HEAD = """<title>The choir | The Island</title>
<meta property="og:title" content="The choir &amp;amp; the boat">
<meta name="date" content="2025-12-31">"""


def read(selectors: ArticleSelectors, body: str = BODY, head: str = HEAD) -> Selected:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    root = etree.fromstring(page, etree.HTMLParser())
    before = etree.tostring(root)
    found = read_selected(root, selectors)
    assert etree.tostring(root) == before
    return found


# --- which selectors --------------------------------------------------------

OLD = ArticleSelectors(until=date(2020, 6, 30), text="td")
LATER = ArticleSelectors(until=date(2024, 6, 30), text="div")
NOW = ArticleSelectors(text="article")


@pytest.mark.parametrize(
    ("given", "day", "chosen"),
    [
        ((OLD, LATER, NOW), date(2011, 1, 1), OLD),
        ((OLD, LATER, NOW), date(2020, 6, 30), OLD),
        ((OLD, LATER, NOW), date(2020, 7, 1), LATER),
        ((OLD, LATER, NOW), date(2024, 7, 1), NOW),
        ((OLD, LATER), date(2024, 7, 1), None),
        ((), date(2024, 7, 1), None),
    ],
)
def test_the_day_of_the_fetch_chooses(
    given: tuple[ArticleSelectors, ...], day: date, chosen: ArticleSelectors | None
) -> None:
    assert choose(given, day) == chosen


# --- what they find ----------------------------------------------------------


def test_what_is_not_asked_for_is_not_looked_for() -> None:
    assert read(ArticleSelectors()) == Selected()


@pytest.mark.parametrize(
    ("selector", "title"),
    [
        ("h1", "The choir sings again"),
        (".top > h1:not(.head)", "Another"),
        ("title", "The choir | The Island"),
        ('meta[property="og:title"]', "The choir & the boat"),
        (".icon, h1", "The choir sings again"),  # what is empty tells nothing
    ],
)
def test_a_title_is_what_is_shown_or_else_meant_for_machines(selector: str, title: str) -> None:
    assert read(ArticleSelectors(title=selector)) == Selected(title=title)


@pytest.mark.parametrize(
    ("selector", "byline"),
    [
        (".name", "The harbour office, the school"),
        (".by:first-of-type, .by:first-of-type a", "By The harbour office and the school"),
    ],
)
def test_names_are_joined_each_once(selector: str, byline: str) -> None:
    assert read(ArticleSelectors(byline=selector)) == Selected(byline=byline)


@pytest.mark.parametrize(
    ("selector", "told"),
    [
        ("time", ("2025-12-31T18:05+04:00", "31 dekabr")),
        (".when", ("2025-12-31T18:05+04:00", "31 dekabr")),
        (".icon, time", ("2025-12-31T18:05+04:00", "31 dekabr")),
        ("meta[name=date]", ("2025-12-31",)),
    ],
)
def test_a_moment_is_told_by_attributes_and_then_by_what_is_seen(
    selector: str, told: tuple[str, ...]
) -> None:
    assert read(ArticleSelectors(published=selector)) == Selected(published=told)


def test_the_text_is_joined_in_the_order_of_the_page() -> None:
    found = read(ArticleSelectors(text=".cell, .story", remove=".more, script"))
    assert found.idle == ()
    lines = [line.strip() for line in found.content.splitlines()]
    assert "".join(lines) == (
        '<div><div class="story"><h2>In the hall</h2><p>Guests came <b>by ferry</b>.</p>'
        '<div class="story"><p>The boat waited.</p></div></div></div>'
        "<div>Tea<br/>and sweets</div>"
        '<div><div class="story"><p>It ended at ten.</p></div></div>'
    )


# --- what they do not find ----------------------------------------------------

ALL = ("title", "text", "byline", "published")


def test_selectors_that_find_nothing_are_named() -> None:
    gone = ArticleSelectors(title=".x", text=".x", remove=".x", byline=".x", published=".x")
    assert read(gone) == Selected(idle=ALL)


@pytest.mark.parametrize("empty", [".shell", ".icon", "script", "meta[name=x]"])
def test_an_element_without_a_word_is_nothing_found(empty: str) -> None:
    selectors = ArticleSelectors(title=empty, text=empty, byline=empty, published=empty)
    head = "<meta name='x' content=' '>"
    assert read(selectors, head=head) == Selected(idle=ALL)


def test_a_text_of_which_all_is_removed_is_nothing_found() -> None:
    assert read(ArticleSelectors(text=".story", remove="h2, p, div")).idle == ("text",)


def test_a_page_of_too_many_elements_is_not_modelled() -> None:
    few, many = ("<p>a</p>" * (MOST_ELEMENTS + more) for more in (-6, -5))  # with six around them
    assert read(ArticleSelectors(text="p:first-child"), few).idle == ()
    assert read(ArticleSelectors(text="p:first-child"), many).idle == ("text",)


@given(st.text(alphabet="<>/pdivtabletrbr =\"'&;!-?[] \n1xə", max_size=80))
def test_any_page_is_read(body: str) -> None:
    everywhere = ArticleSelectors(title="*", text="*", remove="p", byline="*", published="*")
    found = read(everywhere, body)
    assert found.title.startswith("The choir | The Island")
    assert found.idle in {(), ("text",)}
