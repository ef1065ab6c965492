"""extract_article: pages as they are, one folder each, and bytes as they should not be."""

import json
import re
import time
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import extract_article
from pipeline.articles.sitenames import strip_site_name
from pipeline.model import Article, Page, Reason, Rejection

CASES = Path(__file__).parent / "cases" / "pages"
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)

PROSE = "The ferry line of the river towns carried more passengers this year than ever before. "


def page(body: bytes, url: str = "https://courier.example/a", content_type: str = "") -> Page:
    headers = {"content-type": content_type} if content_type else {}
    return Page(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=NOW)


def read_case(name: str) -> tuple[Article | Rejection, dict[str, Any]]:
    expected = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
    body = (CASES / name / "page.html").read_bytes()
    found = extract_article(
        page(body, expected["url"], expected.get("content_type", "")),
        zone=ZoneInfo(expected["zone"]) if "zone" in expected else None,
        languages=tuple(expected.get("languages", ())),
    )
    return found, expected


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_a_real_page_tells_its_facts_or_the_reason(name: str) -> None:
    found, expected = read_case(name)
    if "rejection" in expected:
        assert isinstance(found, Rejection)
        assert found.reason.name == expected["rejection"]
        return
    assert isinstance(found, Article), found  # its text: tests/test_quality.py
    published = found.published
    assert (published and published.at.isoformat()) == expected["published"]
    if published:
        assert published.precision.value == expected["precision"]
        assert published.origin == expected["origin"]
    for field in ("title", "byline", "language", "site_name", "canonical_url"):
        assert getattr(found, field) == expected[field], field


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \r\n\t ", Reason.EMPTY),
        (b"%PDF-1.7 ...", Reason.NOT_HTML),
        (b"\x89PNG\r\n\x1a\n....", Reason.NOT_HTML),
        (b"\xff\xd8\xff\xe0..JFIF", Reason.NOT_HTML),
        (b"\x00\x00\x00\x18ftypmp42", Reason.NOT_HTML),
        (b'{"articles": []}', Reason.NOT_HTML),
        (b"plain words", Reason.NOT_HTML),
        (b"<?xml version='1.0'?><!-- a --><!-- b --><rss><channel/></rss>", Reason.NOT_HTML),
        (b"<!-- a -->" * 2000 + b"<p></p>", Reason.EMPTY),
        (b"<html><body></body></html>", Reason.EMPTY),
        (b"<p>" + b"x" * 10_000_001, Reason.TOO_LARGE),
    ],
)
def test_what_is_no_page_says_why(body: bytes, reason: Reason) -> None:
    found = extract_article(page(body, content_type="text/html"))
    assert isinstance(found, Rejection)
    assert found.reason is reason


def html_of(inner: str, head: str = "") -> bytes:
    markup = f"<html><head>{head}</head><body>{inner}</body></html>"
    return markup.encode("utf-8", "surrogatepass")


def text_of(body: bytes, url: str = "https://courier.example/a") -> str:
    found = extract_article(page(body, url))
    assert isinstance(found, Article), found
    return found.text


@pytest.mark.parametrize("opening", ["<div>", '<div class="row">\n', "<b>", "<font size=2>"])
def test_a_deep_page_is_read_and_quickly(opening: str) -> None:
    closing = f"</{opening.strip('<>').split()[0]}>"
    body = html_of(opening * 50_000 + f"<p>{PROSE * 3}</p>" + closing * 50_000)
    started = time.process_time()
    assert text_of(body) == (PROSE * 3).strip()
    assert time.process_time() - started < 2


def test_a_page_that_stays_deep_is_rejected() -> None:
    body = html_of("<div>a<p>b" * 5_000)
    found = extract_article(page(body))
    assert isinstance(found, Rejection)
    assert found.reason is Reason.TOO_DEEP


@pytest.mark.parametrize(
    "inner",
    [
        "<!--" * 50_000,
        "<a" * 100_000,
        '<div class="' + "nav-" * 50_000 + '">' + PROSE,
        "<p>" + "&amp;" * 100_000,
        "<table>" * 3_000 + PROSE,
        "<title>" + " " * 200_000 + "x</title><p>" + PROSE,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script><p>" + PROSE,
        '<script type="application/ld+json">{"a":' * 3_000 + "</script><p>" + PROSE,
        "<p>" + "1.1" * 50_000,
        "<li>" * 50_000 + PROSE,
        "<ul><li>" + PROSE + " \n" * 100_000 + PROSE + "</ul>",
    ],
)
def test_no_page_takes_long(inner: str) -> None:
    started = time.process_time()
    found = extract_article(page(html_of(inner)))
    assert isinstance(found, Article | Rejection)
    assert time.process_time() - started < 3


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
def test_no_bytes_break_it(body: bytes) -> None:
    assert isinstance(extract_article(page(body)), Article | Rejection)


PIECES = [
    "<p>", "</p>", "<div class='related'>", "</div>", "<br>", "<br>", "<table><tr><td>", "<li>",
    "<h1>A headline of the day</h1>", "<a href='/x'>a link</a>", PROSE, "31 dekabr 2025", "<nav>",
    "<script>", "</script>", "<title>", "</title>", "<meta name=date content='2025-13-45'>", "\x00",
    "<link rel=canonical href='http://['>", "<time datetime='x'>", "&#xD83D;", "]]>", "<svg>",
    '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":["x"],"author":[1]}',
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_mixture_of_tags_breaks_it(pieces: list[str]) -> None:
    found = extract_article(page("".join(pieces).encode()))
    if isinstance(found, Article):
        assert found.text.strip()
        assert "\n\n\n" not in found.text


def assert_sound(text: str, *, is_line: bool = True) -> None:
    text.encode()
    kept = text if is_line else text.replace("\n", "")
    assert [c for c in kept if unicodedata.category(c) == "Cc"] == []
    if is_line:
        assert not re.search("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


def assert_all_sound(found: Article | Rejection) -> None:
    if isinstance(found, Rejection):
        assert_sound(found.detail)
        return
    assert_sound(found.text, is_line=False)
    for line in (found.title, found.byline, found.language, found.site_name):
        assert_sound(line or "")
    for address in (found.url, found.canonical_url):
        assert re.fullmatch("[!-~]*", address or "")


STRAY = "\x00\x01\x0b\x1f\x7f\x85\x92\xa0\ud800\udfff\u202e\u2066\u200b\u200cab <&;\n\t"
STRANGE = st.text(alphabet=STRAY, max_size=12) | st.text(st.characters(), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(STRANGE, min_size=9, max_size=9))
def test_no_string_leaves_that_a_store_would_refuse(strange: list[str]) -> None:
    headline, author, outlet, kind, body, title, seen, href, path = strange
    described = {
        "@type": "NewsArticle",
        "headline": headline,
        "author": {"name": author},
        "publisher": {"name": outlet},
        "inLanguage": kind,
        "articleBody": body * 20,
    }
    head = (
        f'<script type="application/ld+json">{json.dumps(described)}</script>'
        f'<title>{title} | {outlet}</title><link rel="canonical" href="{href}">'
    )
    body_bytes = html_of(f"<h1>{title}</h1><p>{seen}</p><p>{PROSE}{seen}</p>", head)
    asked = replace(page(body_bytes), final_url=f"https://courier.example/{path}")
    assert_all_sound(extract_article(asked))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_no_bytes_leave_as_controls(one: bytes, other: bytes) -> None:
    body = b"<title>" + one + b"</title><p>" + PROSE.encode() * 2 + other + b"<p>" + one
    assert_all_sound(extract_article(page(body)))


def test_numbers_of_windows_1252_are_its_characters() -> None:
    body = html_of(f"<h1>It&#146;s a day of ferries</h1><p>{PROSE} It&#x92;s&#133; {PROSE}</p>")
    found = extract_article(page(body))
    assert isinstance(found, Article)
    assert found.title == "It’s a day of ferries"
    assert "It’s… The" in found.text


def test_paragraphs_by_line_breaks_and_single_breaks_as_lines() -> None:
    first, second = PROSE.strip(), PROSE.strip().replace("ferry", "bus")
    body = html_of(f"<div>{first}<br>\n<br/>{second}<br>{second}</div>")
    assert text_of(body) == f"{first}\n\n{second}\n{second}"


def test_table_cells_are_parted_and_rows_are_lines() -> None:
    rows = "<tr><td>Towns</td><td>four</td></tr><tr><td>Guests</td><td>two hundred</td></tr>"
    body = html_of(f"<article><p>{PROSE * 3}</p><table>{rows}</table><p>{PROSE * 2}</p></article>")
    assert "Towns four\nGuests two hundred" in text_of(body).replace("\n\n", "\n")


def test_a_text_longer_in_json_ld_is_taken_and_a_teaser_there_is_not() -> None:
    def with_json(article_body: str, seen: str) -> str:
        data = {"@type": "NewsArticle", "headline": "The ferry line", "articleBody": article_body}
        head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        return text_of(html_of(f"<article><p>{seen}</p></article>", head))

    assert with_json(PROSE * 8, PROSE) == (PROSE * 8).strip()
    assert with_json(PROSE, PROSE * 8) == (PROSE * 8).strip()
    other = "Cookies make this place work better for all of you, so we ask. " * 8
    assert with_json(PROSE * 8, other) == (PROSE * 8).strip()


def test_broken_json_ld_still_gives_its_plain_fields() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"The ferry line",'
        '"datePublished":"2025-12-24T10:00:00Z" "author": oops}</script>'
    )
    found = extract_article(page(html_of(f"<p>{PROSE * 3}</p>", head)))
    assert isinstance(found, Article)
    assert found.title == "The ferry line"
    assert found.published is not None
    assert found.published.origin == "json-ld"


def test_the_address_tells_the_day_if_nothing_else_does() -> None:
    found = extract_article(page(html_of(f"<p>{PROSE * 3}</p>"), "https://c.example/2023/12/31/a"))
    assert isinstance(found, Article)
    assert found.published is not None
    assert (found.published.origin, found.published.at.date().isoformat()) == ("url", "2023-12-31")


def test_the_date_of_a_teaser_is_not_the_date() -> None:
    inner = (
        f"<article><h1>The ferry line counts</h1><p>{PROSE * 4}</p></article>"
        "<aside><span class='date'>8 January 2026</span></aside>"
    )
    found = extract_article(page(html_of(inner)))
    assert isinstance(found, Article)
    assert found.published is None


def test_now_bounds_the_moment() -> None:
    body = html_of(f"<p>{PROSE * 3}</p>", '<meta name="date" content="2026-06-01">')
    early = extract_article(page(body))
    late = extract_article(page(body), now=datetime(2026, 7, 1, tzinfo=UTC))
    assert isinstance(early, Article)
    assert isinstance(late, Article)
    assert early.published is None
    assert late.published is not None


def test_addresses_are_those_after_redirects() -> None:
    body = html_of(f"<p>{PROSE * 3}</p>", '<link rel="canonical" href="../b">')
    moved = replace(page(body), final_url="https://courier.example/x/y/z")
    found = extract_article(moved)
    assert isinstance(found, Article)
    assert found.url == "https://courier.example/x/y/z"
    assert found.canonical_url == "https://courier.example/x/b"


@pytest.mark.parametrize("href", ["mailto:a@b.example", "javascript:x()", "http://[", "", "news/5"])
def test_a_canonical_link_that_is_no_address_is_left_out(href: str) -> None:
    body = html_of(f"<p>{PROSE * 3}</p>", f'<link rel="canonical" href="{href}">')
    found = extract_article(page(body))
    assert isinstance(found, Article)
    assert found.canonical_url is None


def test_an_article_about_cookies_is_no_consent_wall() -> None:
    text = "The court ruled that cookies need consent, and that privacy comes before partners. "
    body = html_of(f"<article><h1>Court rules on cookies</h1><p>{text * 60}</p></article>")
    assert len(text_of(body)) > 4_000


def test_an_article_among_many_links_is_no_listing() -> None:
    links = "".join(
        f"<li><a href='/{n}'>One more headline of the day {n}</a></li>" for n in range(60)
    )
    body = html_of(f"<ul>{links}</ul><div><p>{PROSE * 8}</p></div><ul>{links}</ul>")
    assert text_of(body) == (PROSE * 8).strip()


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("A day of solidarity | Courier", "Courier", "A day of solidarity"),
        ("Courier: A day of solidarity", "Courier", "Courier: A day of solidarity"),
        ("Courier - A day of solidarity", "Courier", "A day of solidarity"),
        ("A day - a week", None, "A day - a week"),
        ("A day of solidarity - COURIER", "Courier", "A day of solidarity"),
        ("Həmrəylik günü qeyd olunub » Liman", None, "Həmrəylik günü qeyd olunub"),
        ("A day of solidarity", "Courier", "A day of solidarity"),
    ],
)
def test_the_name_of_the_outlet_is_no_part_of_a_title(
    title: str, site: str | None, expected: str
) -> None:
    assert strip_site_name(title, site) == expected
