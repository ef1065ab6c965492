"""Where an outlet may list its articles: what pages name, what is guessed, what is taken."""

from datetime import timedelta

import pytest

from pipeline.discovery import (
    Answer,
    Candidate,
    Origin,
    PageFacts,
    guess_feeds,
    guess_sitemaps,
    looks_like_feed,
    names_section,
    rank_answers,
    read_page,
    spell_out,
)
from pipeline.model import FeedEntry, FeedKind, FeedReading, Reason, Rejection
from tests.fakes import NOW, days, page

HOME = "https://harbour.example/"


def facts(head: str = "", body: str = "", *, url: str = HOME) -> PageFacts:
    text = (
        f"<!doctype html><html lang='az-AZ'><head>{head}</head><body><p>.</p>{body}</body></html>"
    )
    found = read_page(page(url, text.encode()))
    assert isinstance(found, PageFacts)
    return found


def found(head: str = "", body: str = "", *, url: str = HOME) -> list[tuple[str, Origin]]:
    return [(one.url, one.origin) for one in facts(head, body, url=url).candidates]


# --- what was typed ----------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("harbour.example", ["https://harbour.example/", "http://harbour.example/"]),
        (
            " WWW.Harbour.example/az ",
            ["https://www.harbour.example/az", "http://www.harbour.example/az"],
        ),
        ("http://harbour.example/a?b=c#d", ["http://harbour.example/a?b=c"]),
        ("127.0.0.2:8800", ["https://127.0.0.2:8800/", "http://127.0.0.2:8800/"]),
        ("Xəbər.example", ["https://xn--xbr-dtbb.example/", "http://xn--xbr-dtbb.example/"]),
    ],
)
def test_an_address_may_lack_its_scheme(typed: str, meant: list[str]) -> None:
    assert list(spell_out(typed)) == meant


@pytest.mark.parametrize("typed", ["", "ftp://x.example", "file:///etc/passwd", "a b", "x:y"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        spell_out(typed)


# --- what a page names -------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/rss+xml" href="/rss">',
        "<LINK REL='Alternate' TYPE='Application/RSS+XML; charset=utf-8' HREF=/rss>",
        '<link href=" /rss\n" type="application/atom+xml" rel="home alternate">',
        '<link rel="alternate" type="application/feed+json" href="//harbour.example/rss">',
        '<link rel="alternate" type="application/rdf+xml" href="rss">',
        '<link rel="alternate" type="text/xml" href="https:/harbour.example/rss">',
        '<link rel="feed" href="./rss">',
        '<base href="/az/"><base href="/x/"><link rel="feed" href="../rss#top">',
        '<base target="_blank"><base href="/"><link rel="feed" href="rss">',
    ],
)
def test_a_declared_feed_is_found(link: str) -> None:
    assert found(link) == [(f"{HOME}rss", Origin.DECLARED)]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="stylesheet" type="text/xml" href="/style.xsl">',
        '<link rel="alternate" hreflang="ru" href="/ru/">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" type="text/xml+oembed" href="/wp-json/oembed/1.0/embed">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml" href="http://[">',
    ],
)
def test_what_declares_no_feed(link: str) -> None:
    assert found(link) == []


def test_a_base_counts_for_links_too() -> None:
    assert found('<base href="/az/">', '<a href="rss.php">RSS</a>') == [
        (f"{HOME}az/rss.php", Origin.LINKED)
    ]


def test_declared_feeds_come_before_linked_ones_and_comments_last() -> None:
    def link(href: str, title: str = "") -> str:
        return f'<link rel="alternate" type="application/rss+xml" href="{href}" title="{title}">'

    head = link("/comments/feed/") + link("/a", "Post » Şərhlər") + link("/feed/", "Post » Lent")
    head += link("/news/", "Comments on the budget") + link("https://burner.example/post", "Post")
    body = (
        '<a href="/feed/">RSS</a> <a href="/az/rss">RSS</a> <a href="https://x.example/rss">x</a>'
    )
    assert found(head, body) == [
        (f"{HOME}feed/", Origin.DECLARED),
        ("https://burner.example/post", Origin.DECLARED),
        (f"{HOME}comments/feed/", Origin.DECLARED),
        (f"{HOME}a", Origin.DECLARED),
        (f"{HOME}news/", Origin.DECLARED),
        (f"{HOME}az/rss", Origin.LINKED),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        *((path, True) for path in ("rss", "rss2", "RSS/", "rss.php", "rss.asp", "az/rss")),
        *((path, True) for path in ("feed", "feeds/", "feed.json", "az.rss", "news_rss")),
        *((path, True) for path in ("rssFeed/home", "rss-feed", "atom.xml", "export/index.xml")),
        *((path, True) for path in ("map.xml.gz", "?feed=rss2", "list?format=RSS", "?rss")),
        *((path, False) for path in ("", "feedback", "az/feedback.php", "rssowner")),
        *((path, False) for path in ("news/atom-energy-in-2025-grows", "?q=atom+energy")),
        *((path, False) for path in ("what-is-rss-and-why-7.html", "embed.js", "xml/about")),
    ],
)
def test_what_looks_like_a_feed(path: str, expected: bool) -> None:
    assert looks_like_feed(HOME + path) is expected


def test_a_page_says_its_name_and_language() -> None:
    told = facts('<meta property="og:site_name" content=" Liman &amp; \u202eQəzet\n">')
    assert (told.site_name, told.language) == ("Liman & Qəzet", "az")
    assert facts('<meta name="application-name" content="Liman">').site_name == "Liman"
    assert len(facts(f'<meta property="og:site_name" content="{"x" * 9_000}">').site_name) == 300
    bare = read_page(page(HOME, b"<p>.</p>"))
    assert bare == PageFacts()


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"", Reason.EMPTY), (b"%PDF-1.7", Reason.NOT_HTML), (b"<rss></rss>", Reason.NOT_HTML)],
)
def test_what_is_no_page_is_rejected(body: bytes, reason: Reason) -> None:
    refused = read_page(page(HOME, body))
    assert isinstance(refused, Rejection)
    assert refused.reason is reason


def test_a_page_of_links_is_read_only_so_far() -> None:
    many = "<a href='/rss'>x</a>" * 20_000 + "<a href='/feed'>y</a>"
    assert found("", many) == [(f"{HOME}rss", Origin.LINKED)]


# --- what is guessed ---------------------------------------------------------


def test_guesses_stay_on_the_site_and_come_once() -> None:
    guesses = [one.url for one in guess_feeds(f"{HOME}az/siyaset?x=1", language="ru")]
    assert guesses[:4] == [f"{HOME}{path}" for path in ("rss", "rss.xml", "ru/rss", "ru/rss.xml")]
    assert len(set(guesses)) == len(guesses) == len(guess_feeds(HOME)) + 2


def test_sitemaps_of_robots_txt_come_first_and_those_of_news_before_all() -> None:
    lines = [
        "User-agent: *",
        "Sitemap: https://harbour.example/sitemap.xml",
        "SITEMAP : /2025.xml  # a year",
        "sitemap:https://elsewhere.example/map.xml",
        "Sitemap: javascript:alert(1)",
        "Sitemap:",
        "Sitemap: /2024.xml",
        "  sitemap: https://harbour.example/news.xml",
    ]
    found = guess_sitemaps(HOME, ("\ufeff" + "\r\n".join(lines)).encode())
    assert [(one.url.removeprefix(HOME), one.origin) for one in found] == [
        ("news.xml", Origin.ROBOTS),
        ("sitemap.xml", Origin.ROBOTS),
        ("2025.xml", Origin.ROBOTS),
        ("news-sitemap.xml", Origin.GUESSED),
    ]
    assert [one.url.removeprefix(HOME) for one in guess_sitemaps(HOME, b"\xff\xfe<html>")] == [
        "news-sitemap.xml",
        "sitemap.xml",
    ]


# --- what is taken -----------------------------------------------------------


YOUNG = days(1)


def answer(
    path: str,
    count: int = 10,
    *,
    kind: FeedKind | None = FeedKind.FEED,
    age: timedelta | None = YOUNG,
    origin: Origin = Origin.DECLARED,
) -> Answer:
    """What was found under a path; ``age`` is that of its newest entry."""
    published_at = NOW - age if age is not None else None
    entries = tuple(
        FeedEntry(url=f"{HOME}{n}", title="t", published_at=published_at if n == 1 else None)
        for n in range(count)
    )
    url = HOME + path
    candidate = Candidate(url=url, origin=origin)
    failure = "" if kind else "not found"
    return Answer(
        candidate=candidate,
        url=url,
        kind=kind,
        reading=FeedReading(entries=entries),
        failure=failure,
    )


LIST, MAP = FeedKind.LISTING, FeedKind.SITEMAP


@pytest.mark.parametrize(
    ("one", "weakness"),
    [
        (answer("rss"), ""),
        (answer("rss", age=None), ""),
        (answer("rss", age=days(89)), ""),
        (answer("rss", age=days(91)), "nothing new since 2025-10-03"),
        (answer("rss", 0), "no entries"),
        (answer("comments/feed"), "comments, not articles"),
        (answer("rss", 0, kind=None), "not found"),
        (answer("map.xml", kind=MAP), ""),
        (answer("map.xml", kind=MAP, age=None), "no dates: it may list all pages, not articles"),
        (answer("az", kind=LIST, age=None), ""),
        (answer("az", 3, kind=LIST), "3 links to articles"),
    ],
)
def test_a_weakness_is_said(one: Answer, weakness: str) -> None:
    assert one.weakness(now=NOW) == weakness


SECTION = f"{HOME}az/diaspor/"


@pytest.mark.parametrize(
    ("answers", "page_url", "ranked"),
    [
        ([answer("a"), answer("b")], HOME, ["a", "b"]),
        ([answer("a", age=days(400)), answer("b")], HOME, ["b", "a"]),
        ([answer("a", kind=LIST, origin=Origin.PAGE), answer("b")], HOME, ["b", "a"]),
        ([answer("a", 0), answer("b", 0, kind=None), answer("comments/rss")], HOME, []),
        ([answer("a", 2, kind=LIST, origin=Origin.PAGE)], HOME, []),
        (
            [answer("az/diaspor/", kind=LIST, origin=Origin.PAGE), answer("feed")],
            SECTION,
            ["az/diaspor/", "feed"],
        ),
        (
            [
                answer("az/diaspor/", kind=LIST, origin=Origin.PAGE),
                answer("feed"),
                answer("az/diaspor/feed"),
            ],
            SECTION,
            ["az/diaspor/feed", "az/diaspor/", "feed"],
        ),
        (
            [answer("az/diaspor/", 2, kind=LIST, origin=Origin.PAGE), answer("feed")],
            SECTION,
            ["feed"],
        ),
    ],
)
def test_the_best_comes_first(answers: list[Answer], page_url: str, ranked: list[str]) -> None:
    found = rank_answers(answers, page_url=page_url, now=NOW)
    assert [one.url.removeprefix(HOME) for one in found] == ranked


@pytest.mark.parametrize(
    ("feed", "section", "expected"),
    [
        ("https://feeds.example/azeri/rss.xml", "https://www.example/azeri", True),
        ("https://www.example/rss?cat=diaspor", SECTION, True),
        ("https://www.example/rss/diaspor.xml", f"{HOME}diaspor.php?page=1", True),
        ("https://www.example/feed", SECTION, False),
        ("https://www.example/feed", HOME, False),
    ],
)
def test_a_feed_that_names_the_section(feed: str, section: str, expected: bool) -> None:
    assert names_section(feed, section) is expected
