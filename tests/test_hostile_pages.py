"""Pages made to break a parser or to take its time: each ends soon, as a value.

The bound is the promise: two seconds of CPU for a page of 5 MB or of 50,000 nested tags.
"""

import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest

from pipeline.articles import extract_article
from pipeline.articles.tree import LARGEST, MOST_ELEMENTS, Unreadable, parse_page, pieces_of
from pipeline.articles.walls import find_wall, is_listing, read_signs
from pipeline.model import Article, Page, Reason, Rejection

PROSE = "The ferry line of the river towns carried more passengers this year than ever before. "
#: Seconds of CPU, and the size that they are promised for.
BOUND = 2.0
SIZE = 5_000_000
#: So much shows what grows with the square of a size, in less time.
SMALL = 1_000_000
RANDOM = Random(4711)  # noqa: S311 - no secret is made of it
#: A value that hides the end of its tag from who does not read quotes.
QUOTED = '=">"'


def page(body: bytes) -> Page:
    return Page(
        url="https://courier.example/a",
        final_url="https://courier.example/a",
        status=200,
        headers={"content-type": "text/html"},
        body=body,
        fetched_at=datetime(2026, 1, 10, 12, tzinfo=UTC),
    )


def html_of(inner: str, head: str = "") -> bytes:
    whole = f"<html><head><title>Ferries</title>{head}</head><body>{inner}</body></html>"
    return whole.encode("utf-8", "surrogatepass")


def fill(piece: str, size: int = SIZE) -> str:
    return piece * (size // len(piece.encode()))


def attributes(count: int, value: str = "=1") -> str:
    return " ".join(f"a{n}{value}" for n in range(count))


def ended_soon(body: bytes) -> Article | Rejection:
    started = time.process_time()
    found = extract_article(page(body))
    assert time.process_time() - started < BOUND
    return found


# --- what is too much ------------------------------------------------------------

TOO_MUCH: dict[str, tuple[Callable[[], bytes], Reason, str]] = {
    "more bytes than we read": (
        lambda: b"<p>" + b"x" * LARGEST,
        Reason.TOO_LARGE,
        "9,000,003 bytes",
    ),
    "more bytes as UTF-8": (
        lambda: b"<meta charset=windows-1251><p>" + "щ".encode("cp1251") * (SIZE - 99),
        Reason.TOO_LARGE,
        "9,999,832 bytes as UTF-8",
    ),
    "a million elements": (
        lambda: html_of(fill("<b>")),
        Reason.TOO_LARGE,
        "1,666,674 tags",
    ),
    "more elements than we read": (
        lambda: html_of("<p>x" * MOST_ELEMENTS),
        Reason.TOO_LARGE,
        "30,004 elements",
    ),
    "many short paragraphs": (lambda: html_of(fill("<p>x</p>")), Reason.TOO_LARGE, "tags"),
    "many line breaks": (lambda: html_of(fill("<br>")), Reason.TOO_LARGE, "tags"),
    "many links": (lambda: html_of(fill("<a href=/x>one two three</a> ")), Reason.TOO_LARGE, ""),
    "many cells": (lambda: html_of("<table>" + fill("<tr><td>x")), Reason.TOO_LARGE, "tags"),
    "nested with text between": (
        lambda: html_of("<div>a<p>b" * 50_000),
        Reason.TOO_DEEP,
        "more than 256 levels of tags",
    ),
    "nested tables": (lambda: html_of("<table><tr><td>" * 50_000), Reason.TOO_DEEP, ""),
    "nested lists": (lambda: html_of("<ul><li>" * 50_000), Reason.TOO_DEEP, ""),
    "nested and then broken tags": (
        lambda: html_of("<div>a" * 300 + fill("<b " + "x" * 299 + ">" + " " * 700, SMALL)),
        Reason.TOO_DEEP,
        "",
    ),
    "a tag of 100,000 attributes": (
        lambda: html_of(f"<p {attributes(100_000)}>{PROSE}"),
        Reason.TOO_LARGE,
        "characters of attributes in a few tags",
    ),
    "the same on the body": (
        lambda: b"<html><body " + attributes(100_000, "").encode() + b"><p>",
        Reason.TOO_LARGE,
        "",
    ),
    "the same behind quoted tags": (
        lambda: html_of(f"<p title='<script>' {attributes(30_000, QUOTED)}>{PROSE}"),
        Reason.TOO_LARGE,
        "",
    ),
    "the same behind a script": (
        lambda: html_of(f"<script>a<b 'x</script><p {attributes(30_000)}>{PROSE}'"),
        Reason.TOO_LARGE,
        "",
    ),
    "the same in many tags": (
        lambda: html_of(fill(f"<p {attributes(1000)}>x", SMALL)),
        Reason.TOO_LARGE,
        "",
    ),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_says_so(name: str) -> None:
    make, reason, detail = TOO_MUCH[name]
    found = ended_soon(make())
    assert isinstance(found, Rejection)
    assert found.reason is reason
    assert detail in found.detail


# --- what is much and is read ------------------------------------------------------

READ: dict[str, Callable[[], str]] = {
    "50,000 nested blocks": lambda: "<div>" * 50_000 + f"<p>{PROSE * 3}</p>" + "</div>" * 50_000,
    "50,000 open formats": lambda: "<font size=2>" * 50_000 + f"<p>{PROSE * 3}</p>",
    "as deep as can be": lambda: "<div>" * 250 + PROSE * 3 + "</div>" * 250,
    "a script that looks like a tag": (
        lambda: f"<script>for(a=0;a<n {attributes(9_000)};a++)'it</script><p>{PROSE * 3}</p>"
    ),
    "a comment that looks like one": lambda: f"<!-- <p {attributes(9_000)}> --><p>{PROSE * 3}</p>",
    "some surplus attributes": lambda: f"<p {attributes(300)}>{PROSE * 3}</p>",
    "comments": lambda: fill("<!-- x -->", SMALL) + f"<p>{PROSE * 3}</p>",
    "processing instructions": lambda: fill("<?x ?>", SMALL) + f"<p>{PROSE * 3}</p>",
    "bogus declarations": lambda: fill("<!x>", SMALL) + f"<p>{PROSE * 3}</p>",
    "a class of 2 MB": lambda: f'<div class="{fill("main ", 2_000_000)}"><p>{PROSE * 3}</p></div>',
    "an address of 2 MB": lambda: f'<p>{PROSE * 3}<a href="{fill("x/", 2_000_000)}">a</a></p>',
    "scripts": lambda: fill("<script></script>", SMALL // 4) + f"<p>{PROSE * 3}</p>",
    "a large script": lambda: f"<script>{fill('<p>x</p>')[: SIZE // 4]}</script><p>{PROSE * 3}</p>",
    "closing tags": lambda: f"<p>{PROSE * 3}</p>" + fill("</b>", SMALL),
    "a tag that does not end": lambda: f"<p>{PROSE * 3}</p>" + fill("<a", SMALL // 4),
    "NULs": lambda: f"<p>{PROSE * 3}</p>" + fill("\0", SMALL),
}


@pytest.mark.parametrize("name", READ)
def test_what_is_much_is_read(name: str) -> None:
    found = ended_soon(html_of(READ[name]()))
    assert isinstance(found, Article), found
    assert found.text.startswith(PROSE * 2)


def test_half_a_million_words_are_all_there() -> None:
    found = ended_soon(html_of("<p>" + fill(PROSE, SIZE // 2)))
    assert isinstance(found, Article)
    assert found.text.count("ferry") == SIZE // 2 // len(PROSE)


# --- what has no text, or hardly any ------------------------------------------------

BYTES: dict[str, Callable[[], bytes]] = {
    "random": lambda: RANDOM.randbytes(SMALL),
    "random behind a tag": lambda: b"<html><p>" + RANDOM.randbytes(SMALL),
    "random UTF-16": lambda: b"\xff\xfe" + RANDOM.randbytes(SMALL),
    "random UTF-32": lambda: b"\xff\xfe\0\0" + RANDOM.randbytes(SMALL),
    "a page in UTF-16": lambda: b"\xff\xfe" + ("<p>" + PROSE * 9).encode("utf-16-le"),
    "half a page in UTF-16": lambda: ("<p>" + PROSE * 9).encode("utf-16-be")[:-1],
    "a character cut off": lambda: html_of("<p>" + "ə" * 1_000)[:-15],
    "bytes of no charset": lambda: b"<p>" + b"\xff" * SMALL,
    "half of each character": lambda: b"<p>" + b"\xc3 " * (SMALL // 2),
    "Chinese that is none": lambda: b"<meta charset=gb18030><p>" + RANDOM.randbytes(SMALL),
    "a charset that is none": lambda: b"<meta charset=x-none><p>" + "щи ".encode("cp1251") * 9,
    "a surrogate by number": lambda: html_of("<p>" + fill("&#xD83D; ", SMALL)),
    "a lone surrogate": lambda: html_of("<p>\ud83d" + PROSE * 3),
    "entities": lambda: html_of("<p>" + fill("&amp;", SMALL)),
    "blanks by name": lambda: html_of("<p>" + fill("&nbsp;", SMALL)),
    "an endless number": lambda: html_of("<p>&#" + "9" * SMALL),
    "a gzipped page": lambda: gzip.compress(html_of(PROSE)),
    "a gzipped page behind a blank": lambda: b" " + gzip.compress(RANDOM.randbytes(10_000)),
    "an archive": lambda: b"PK\x03\x04" + RANDOM.randbytes(1_000),
    "nothing but <": lambda: b"<" * 300_000,
    "tags without names": lambda: fill("<x", SMALL).encode()[:700_000],
    "a comment that opens": lambda: fill("<!--", SMALL).encode(),
    "a declaration that opens": lambda: b"<?xml " * 160_000,
    "blanks before a page": lambda: b" " * SMALL + b"<p>x",
    "a title that never ends": lambda: b"<title>" + fill("<p>x y", SMALL).encode(),
    "plain text": lambda: html_of("<plaintext>" + fill("<p>x", SMALL)),
    "frames": lambda: b"<frameset>" + b"<frame src=x>" * 20_000,
}


@pytest.mark.parametrize("name", BYTES)
def test_no_bytes_break_it_or_take_long(name: str) -> None:
    assert isinstance(ended_soon(BYTES[name]()), Article | Rejection)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"id": 1, "content": "<p>words</p>"}', "JSON"),
        (b' [{"content": "<p>words</p>"}]', "JSON"),
        (b"<?xml version='1.0'?><sitemapindex><sitemap/></sitemapindex>", "sitemapindex"),
        (b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN'><svg><title>a</title></svg>", "svg"),
        (b"<Error><Code>AccessDenied</Code></Error>", "no HTML tag"),
        (b"\x1f\x8b\x08\x00", "an archive"),
    ],
)
def test_what_is_no_page_is_named(body: bytes, detail: str) -> None:
    found = extract_article(page(body))
    assert isinstance(found, Rejection)
    assert (found.reason, found.detail) == (Reason.NOT_HTML, detail)


# --- the parser and the signs alone --------------------------------------------------

#: These come to the readers of metadata and of text as they are; here only what all rests on.
SIGNS: dict[str, Callable[[], str]] = {
    "a title of 5 MB": lambda: f"<title>{fill('word | ')}</title>",
    "a heading of 5 MB": lambda: f"<h1>{fill('word - ')}</h1>",
    "headings in headings": lambda: "<h1>" * 200 + fill("word "),
    "many headings": lambda: fill("<h1>A headline of the day</h1>", 800_000),
    "links in links": lambda: "<a href=x><div>" * 100 + fill("word "),
    "many cards": lambda: fill(f"<div><h3><a href=/x>a b c d</a></h3><p>{PROSE}</p></div>", SMALL),
    "many forms": lambda: fill("<input type=password>", 600_000),
    "pay walls in pay walls": lambda: "<div class=paywall>" * 200 + fill("word "),
    "paragraphs of little": lambda: fill("<p>x</p>", 200_000),
}


@pytest.mark.parametrize("name", SIGNS)
def test_signs_are_read_soon(name: str) -> None:
    started = time.process_time()
    root = parse_page(page(html_of(SIGNS[name]())))
    signs = read_signs(root, is_article=False)
    lines = ["x"] * 40_000
    find_wall(signs, lines)
    is_listing(signs, lines, url="https://courier.example/tag/x")
    assert time.process_time() - started < BOUND / 2


NOISE = ["", "</foo>" * 500, "<p a=1 a=2>" * 500]


@pytest.mark.parametrize("noise", NOISE)
def test_the_parser_loses_no_text_unseen(noise: str) -> None:
    # libxml2 stops at some level and says so in its log, behind whatever else it has to say.
    for depth in (200, 245):
        root = parse_page(page(html_of(noise + "<div>a" * depth + "END")))
        assert "END" in "".join(pieces_of(root))
    for depth in (256, 300, 2_047, 2_049):
        with pytest.raises(Unreadable) as caught:
            parse_page(page(html_of(noise + "<div>a" * depth + "END")))
        assert caught.value.reason is Reason.TOO_DEEP


def body_in_json(text: str) -> str:
    said = json.dumps({"@type": "NewsArticle", "headline": "Ferries", "articleBody": text})
    return f'<script type="application/ld+json">{said}</script>'


def in_named_boxes(inner: str) -> str:
    names = " ".join(f"box-{number}-of-the-page" for number in range(20))
    return f'<div class="{names}" id="{names}">' * 200 + inner + "</div>" * 200


#: What stands in the head, or before the text, that many places of a page are read for.
CLAIMS: dict[str, Callable[[], str]] = {
    "a body of elements in one another": lambda: body_in_json("<div>x" * 17_000),
    "a body of formatting": lambda: body_in_json("<b>" * 33_000 + "x"),
    "a body of lines": lambda: body_in_json("x\n" * 500_000),
    "an author of labels": lambda: f'<meta name="author" content="{"By: " * 250_000}">',
    "many authors": lambda: f'<meta name="author" content="{"a, " * 300_000}">',
    "broken JSON": lambda: '<script type="application/ld+json">{"headline": "' + "\\x" * 400_000,
    "moments in deep boxes": lambda: in_named_boxes("<time pubdate>4 May 2025</time>" * 2_000),
    "authors in deep boxes": lambda: in_named_boxes('<b class="author">Desk</b>' * 2_000),
    "headings in one another": lambda: "<h1>" + "<span>word </span>" * 5_000,
    "many headings": lambda: "<h1>Ferries of the towns</h1>" * 5_000,
}


@pytest.mark.parametrize("name", CLAIMS)
def test_no_claim_takes_long(name: str) -> None:
    found = ended_soon(html_of(f"{CLAIMS[name]()}<p>{PROSE * 5}</p>"))
    assert isinstance(found, Article | Rejection)
