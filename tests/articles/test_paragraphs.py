"""read_paragraphs and read_markup: elements and markup → paragraphs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.articles.paragraphs import read_markup, read_paragraphs
from tests.articles.pages import MIXTURES, body_of


def read(body: str) -> list[str]:
    return read_paragraphs(body_of(body))


PARAGRAPHS = [
    ("", []),
    ("one", ["one"]),
    ("<p>one</p><p>two</p>", ["one", "two"]),
    ("<p>one</p>\n \n<p>two</p>", ["one", "two"]),
    ("<p>one</p> two <p>three</p>", ["one", "two", "three"]),
    ("<p>one</p><p> &nbsp; </p><p>two</p>", ["one", "two"]),
    ("<h2>one</h2>two", ["one", "two"]),
    ("<div>one<div>two</div>three</div>", ["one", "two", "three"]),
    ("<blockquote><p>one</p></blockquote><p>two</p>", ["one", "two"]),
    ("one<hr>two", ["one", "two"]),
    # line breaks
    ("one<br>two", ["one\ntwo"]),
    ("one<br><br>two", ["one", "two"]),
    ("one<br>\n<br>two", ["one", "two"]),
    ("one<br>&nbsp;<br>two", ["one", "two"]),
    ("one<br><br><br><br>two", ["one", "two"]),
    ("<br><br>one<br>two<br>", ["one\ntwo"]),
    ("<p>one<br></p><br><p><br>two</p>", ["one", "two"]),
    ("<b>one<br>two</b><br>three", ["one\ntwo\nthree"]),
    # items and cells
    ("<ul><li>one</li><li>two</li></ul>", ["one\ntwo"]),
    ("<ul>\n <li>one</li>\n <li>\n two\n </li>\n</ul>", ["one\ntwo"]),
    ("<p>one</p><ul><li>two<li>three</ul><p>four</p>", ["one", "two\nthree", "four"]),
    ("<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>", ["one", "two", "three"]),
    ("<ul><li></li><li>one</li><li> </li><li>two</li></ul>", ["one\ntwo"]),
    ("<dl><dt>one</dt><dd>two</dd><dt>three</dt></dl>", ["one\ntwo\nthree"]),
    ("<table><tr><td>one</td><td>two</td></tr><tr><th>three</th></tr></table>", ["one two\nthree"]),
    ("<table><tr><td><p>one</p></td><td>two</td></tr></table>", ["one", "two"]),
    # what stands in a line
    ("one <b>two</b> <a href='/x'>three</a>", ["one two three"]),
    ("o<b>n</b>e, <i>two</i>.", ["one, two."]),
    ("one\n   two\tthree", ["one two three"]),
    ("<pre>one\ntwo</pre>", ["one two"]),
    ("1 &lt; 2 &amp; 3 &gt; 2", ["1 < 2 & 3 > 2"]),
    ("<p>1 &gt; </p><p> &lt; 2</p>", ["1 >", "< 2"]),
    ("<p>&amp;lt;b&amp;gt; is a tag</p>", ["&lt;b&gt; is a tag"]),
    # what is not seen
    ("Həm\u00adrəy\u00adlik", ["Həmrəylik"]),
    ("o\u200bn\u2060e\ufeff", ["one"]),
    ("\ue001 one", ["one"]),
    ("<p>\u200b</p><p>one</p><p>\u00ad</p>", ["one"]),
    ("it&#146;s &#133;", ["it’s …"]),
    ("می\u200cرود", ["می\u200cرود"]),
    ("\u200fسلام\u200f <bdo dir=rtl>یک</bdo>", ["\u200fسلام\u200f یک"]),
    ("<bdi>one</bdi> \u2068two\u2069", ["one \u2068two\u2069"]),
    ("<ruby>漢</ruby>字", ["漢字"]),
    ("👩\u200d👩\u200d👧", ["👩\u200d👩\u200d👧"]),
    # what looks like something else
    ("https://courier.example/a", ["https://courier.example/a"]),
    ("one\ufdd0two\ufdd1three", ["onetwothree"]),
]


@pytest.mark.parametrize(("body", "expected"), PARAGRAPHS)
def test_an_element_has_its_paragraphs(body: str, expected: list[str]) -> None:
    assert read(body) == expected


@pytest.mark.parametrize(("body", "expected"), PARAGRAPHS)
def test_markup_has_the_same(body: str, expected: list[str]) -> None:
    assert read_markup(body) == expected


def test_attributes_say_nothing() -> None:
    assert read("<p title='a > b' data-x='> <'>one</p> <p onclick=\"a('>')\">two</p>") == [
        "one",
        "two",
    ]


def test_only_the_element_is_read() -> None:
    body = body_of("before<div id='it'>one<p>two</p></div>after")
    [element] = body.iter("div")
    assert read_paragraphs(element) == ["one", "two"]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>onetwo<p>three",
        "</p></p>onetwo</div></div><p>three</div></div>",
        "onetwo<!-- not this --><p>three</p>",
        "onetwo<script>not(this)</script><p>three</p>",
        "onetwo<style>not {}</style><p>three</p>",
        "onetwo<?not this?><p>three</p>",
    ],
)
def test_markup_may_be_anything(markup: str) -> None:
    assert read_markup(markup) == ["onetwo", "three"]


@settings(max_examples=150, deadline=None)
@given(MIXTURES)
def test_no_character_of_any_page_is_lost_or_added(markup: str) -> None:
    body = body_of(markup)
    shown = etree.tostring(body, method="text", encoding="unicode", with_tail=False)
    assert "".join("".join(read_paragraphs(body)).split()) == "".join(shown.split())


@settings(max_examples=100, deadline=None)
@given(st.lists(MIXTURES | st.text(max_size=20), max_size=3).map("".join))
def test_paragraphs_are_tidy(markup: str) -> None:
    for paragraph in read_markup(markup):
        lines = paragraph.split("\n")
        assert all(line == " ".join(line.split()) for line in lines)
        assert all(lines)
        assert not set(paragraph) & set("\x00\u00ad\u200b\ufeff\ufdd0\ufdd1")
