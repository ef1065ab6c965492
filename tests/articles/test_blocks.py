"""read_layout: where a page is parted, and what is known of each part."""

import pytest
from hypothesis import given, settings
from lxml import etree

from pipeline.articles.blocks import HIDDEN, Block, Layout, read_layout
from tests.articles.pages import MIXTURES, body_of, layout_of


def texts(body: str) -> list[str]:
    return [block.text for block in layout_of(body).blocks]


def only_block(body: str) -> Block:
    [block] = layout_of(body).blocks
    return block


# --- where a page is parted -------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("one<br>two<br><br>three", ["one", "two", "three"]),
        ("<br>one<br>", ["one"]),
        ("one<br>&nbsp;<br>two", ["one", "two"]),
        ("<ul><li>one</li><li>two</li></ul>", ["one", "two"]),
        ("<dl><dt>one</dt><dd>two</dd></dl>", ["one", "two"]),
        ("<h1>one</h1>two<h2>three</h2>", ["one", "two", "three"]),
        ("one<hr>two", ["one", "two"]),
        ("one<div>two</div>three", ["one", "two", "three"]),
        ("<p>one<div>two</div>three", ["one", "two", "three"]),
        ("<table><tr><td>one<td>two<tr><td>three</table>", ["one", "two", "three"]),
        (
            "<table><tr><td>one<table><tr><td>two</td></tr></table>three</td><td>four</td></tr></table>",
            ["one", "two", "three", "four"],
        ),
        ("<center><font size=2>one</font><p>two</center>", ["one", "two"]),
        ("<a href='/x'><div>one</div><div>two</div></a>", ["one", "two"]),
        ("<b>one<p>two</p></b>three", ["one", "two", "three"]),
    ],
)
def test_borders_and_line_breaks_part_the_page(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<p>one <b>two</b> three</p>",
        "<p>one <a href='/x'><em>two</em></a> three</p>",
        "<p>one <span>t<sup>w</sup>o</span> <img src='x'>three</p>",
        "<p>one <time datetime='2025'>two</time><wbr> three</p>",
        "<p>one <!-- not this -->two <?php no ?>three</p>",
        "<p>one <script>no</script>two<style>no</style> three</p>",
        "<p>  one\n\t two&nbsp; three\n</p>",
        "<p>one <nobr>two</nobr> three</p>",
        "<p>one <st1:City w:st='on'>two</st1:City> three</p>",
        "one <font color=red>two</font> <u>three</u>",
    ],
)
def test_what_stands_in_a_line_does_not_part_it(body: str) -> None:
    assert texts(body) == ["one two three"]


@pytest.mark.parametrize(
    "silent",
    [
        "<script>no</script>", "<style>no</style>", "<noscript><p>no</p></noscript>",
        "<template><p>no</p></template>", "<iframe>no</iframe>", "<svg><text>no</text></svg>",
        "<select><option>no</option></select>", "<textarea>no</textarea>", "<video>no</video>",
        "<audio>no</audio>", "<object><p>no</p></object>", "<canvas>no</canvas>",
        "<img alt='no'>", "<input value='no'>",
    ],
)  # fmt: skip
def test_what_is_no_text_is_not_read_but_what_follows_it(silent: str) -> None:
    assert " ".join(texts(f"<div>one {silent} two</div><p>three</p>")) == "one two three"


def test_the_reading_of_a_character_is_not_read_twice() -> None:
    assert texts("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字") == ["漢字"]


@pytest.mark.parametrize("body", ["", "  \n ", "<div><p>&nbsp;</p><img></div>", "<br><br>"])
def test_a_page_without_text_has_no_block(body: str) -> None:
    layout = layout_of(body)
    assert layout.blocks == []
    assert [node.tag for node in layout.nodes] == ["body"]


# --- what is known of a block -----------------------------------------------


@pytest.mark.parametrize(
    ("body", "linked", "bold"),
    [
        ("<p>one two</p>", 0, 0),
        ("<p>one <a href='/x'>two</a></p>", 3, 0),
        ("<p><a href='/x'>one</a> <a href='/y'>two</a></p>", 6, 0),
        ("<p><a href='/x'>one <b>two</b></a></p>", 7, 3),
        ("<p><strong>one</strong> <i>two</i></p>", 0, 6),
        ("<b><em>one</em></b> two", 0, 3),
        ("<a href='/x'><p>one</p></a><p>two</p>", 3, 0),
        ("<p><a href='/x'>one</a></p><p>two</p>", 3, 0),
        ("<p>one <a href='/x'>\n            two\n          </a></p>", 3, 0),
        ("<p>one <b>\n            two\n          </b></p>", 0, 3),
    ],
)
def test_characters_in_links_and_in_bold_are_counted(body: str, linked: int, bold: int) -> None:
    blocks = layout_of(body).blocks
    assert sum(block.linked for block in blocks) == linked
    assert sum(block.bold for block in blocks) == bold


def test_no_more_is_linked_than_there_is() -> None:
    block = only_block("<p><a href='/x'>  one \n  two  </a></p>")
    assert block.linked == len(block.text) == 7


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<p>one <span class='by line' id='b'>two</span></p>", ["by line b"]),
        ("<i class='icon'></i><p>one</p>", [""]),
        ("<p><i class='icon'></i>one</p><p>two</p>", ["icon", ""]),
        ("<span class='a'>one</span><br>two <b class='c'>three</b>", ["a", "c"]),
        ("<p>one <span style='display: none'>two</span></p>", [HIDDEN]),
        ("<p>" + "".join(f"<b class='n{n}'>x</b>" for n in range(9)) + "</p>", ["n0 n1 n2 n3"]),
    ],
)
def test_a_block_knows_the_names_of_what_stands_in_it(body: str, names: list[str]) -> None:
    assert [block.names for block in layout_of(body).blocks] == names


@pytest.mark.parametrize(
    ("body", "climbs"),
    [
        ("<p>one</p>", [0]),
        ("<p>one</p><p>two</p>", [0, 1]),
        ("one<br>two<br>three", [0, 1, 1]),
        ("<div><p>one<br>two</p><p>three</p></div>", [0, 3, 2]),
        ("<div><p>one</p>two</div>", [0, 2]),
        ("<div>one<p>two</p></div>", [0, 2]),
        ("<div><p>one</p></div><div><p>two</p></div>", [0, 1]),
        ("<div><ul><li>one</li></ul></div><img>two", [0, 1]),
        ("<div><p>one</p><div><img></div><p>two</p></div>", [0, 2]),
    ],
)
def test_climb_is_the_depth_of_what_is_around_two_blocks(body: str, climbs: list[int]) -> None:
    assert [block.climb for block in layout_of(body).blocks] == climbs


# --- what is known of a node ------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "names"),
    [
        ("", ""),
        ("class='lead  text' id='top'", "lead  text top"),
        ("role='main' itemprop='articleBody' title='no'", "main articleBody"),
        ("hidden", HIDDEN),
        ("class='x' style='color:red; DISPLAY : none'", f"x {HIDDEN}"),
        ("style='display:block'", ""),
    ],
)
def test_a_node_has_the_names_of_its_element(attributes: str, names: str) -> None:
    assert layout_of(f"<div {attributes}>one</div>").nodes[1].names == names


def test_what_is_hidden_is_read_all_the_same() -> None:
    assert texts("<div hidden>one</div><p style='display:none'>two</p>") == ["one", "two"]


def test_elements_without_text_are_no_nodes() -> None:
    layout = layout_of(
        "<div><div class='icon'><p></p></div><p>one</p><figure><img></figure></div><ul><li> </ul>"
        "<p>two<span></span></p>"
    )
    assert [node.tag for node in layout.nodes] == ["body", "div", "p", "p"]


def test_a_block_stands_in_its_nearest_node() -> None:
    layout = layout_of("one<div>two<p>three <b>four</b></p>five</div>six")
    tags = {block.text: layout.nodes[block.node].tag for block in layout.blocks}
    assert tags == {"one": "body", "two": "div", "three four": "p", "five": "div", "six": "body"}


def test_nodes_hold_their_blocks() -> None:
    layout = layout_of("<div><h1>0</h1><p>1<br>2</p></div>3<table><tr><td>4<td>5</table>")
    held = [(node.tag, node.depth, node.first, node.last) for node in layout.nodes]
    assert held == [
        ("body", 1, 0, 6), ("div", 2, 0, 3), ("h1", 3, 0, 1), ("p", 3, 1, 3),
        ("table", 2, 4, 6), ("tr", 3, 4, 6), ("td", 4, 4, 5), ("td", 4, 5, 6),
    ]  # fmt: skip


# --- any page ---------------------------------------------------------------


def around(layout: Layout, node: int) -> list[int]:
    found = []
    while node >= 0:
        found.append(node)
        node = layout.nodes[node].parent
    return found


@settings(max_examples=100, deadline=None)
@given(MIXTURES)
def test_a_node_holds_the_blocks_in_it_and_no_others(markup: str) -> None:
    layout = layout_of(markup)
    for place, block in enumerate(layout.blocks):
        holding = [n for n, node in enumerate(layout.nodes) if node.first <= place < node.last]
        assert sorted(around(layout, block.node)) == holding


@settings(max_examples=100, deadline=None)
@given(MIXTURES)
def test_nodes_stand_in_the_order_of_the_page(markup: str) -> None:
    nodes = layout_of(markup).nodes
    assert nodes[0].parent == -1
    for place, node in enumerate(nodes[1:], start=1):
        above = nodes[node.parent]
        assert node.parent < place
        assert node.depth == above.depth + 1
        assert node.element.getparent() is not None
        assert above.first <= node.first < node.last <= above.last


@settings(max_examples=100, deadline=None)
@given(MIXTURES)
def test_no_character_is_lost_added_or_moved(markup: str) -> None:
    body = body_of(markup)
    blocks = read_layout(body).blocks
    shown = etree.tostring(body, method="text", encoding="unicode", with_tail=False)
    assert "".join("".join(b.text for b in blocks).split()) == "".join(shown.split())


@settings(max_examples=100, deadline=None)
@given(MIXTURES)
def test_a_block_knows_where_it_stands(markup: str) -> None:
    seen: set[tuple[etree._Element, bool]] = set()
    for block in layout_of(markup).blocks:
        runs = [one.tail if is_tail else one.text for one, is_tail in block.pieces]
        assert " ".join("".join(run or "" for run in runs).split()) == block.text
        assert seen.isdisjoint(block.pieces)
        seen.update(block.pieces)
        assert 0 <= block.linked <= len(block.text)
        assert 0 <= block.bold <= len(block.text)
