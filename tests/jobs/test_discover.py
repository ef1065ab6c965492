"""Feeds are found where outlets have them: asked politely, and no more than is needed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from threading import Thread

import pytest

from pipeline.demo.content import load_newsroom
from pipeline.demo.server import NewsroomServer
from pipeline.discovery import Origin, spell_out
from pipeline.jobs.discover import BUDGET, EACH, Discovery, discover
from pipeline.model import FeedKind, Reason
from pipeline.settings import Settings
from tests.fakes import NOW, days

SETTINGS = Settings(gap=0.0, request_time=5.0, allowed_networks=(ip_network("127.0.0.0/8"),))


# --- the demo's newsroom -----------------------------------------------------


@pytest.mark.parametrize(
    ("host", "path", "kind", "requests"),
    [
        ("narta.example", "/az/rss.xml", FeedKind.FEED, 4),
        ("safranbruecke.example", "/feed/", FeedKind.FEED, 2),
        ("aciq-defter.example", "/feed.json", FeedKind.FEED, 2),
        ("bogaz-martisi.example", "/atom.xml", FeedKind.FEED, 2),
        ("kaspiyskiy-fonar.example", "/rss.xml", FeedKind.FEED, 2),
        ("radio-pol-abi.example", "/sitemap.xml", FeedKind.SITEMAP, 13),
        ("hemvetenler-idaresi.example", "/", FeedKind.LISTING, 14),
    ],
)
def test_the_feeds_of_the_newsroom_are_found(
    host: str, path: str, kind: FeedKind, requests: int
) -> None:
    with NewsroomServer(load_newsroom()) as server:
        settings = replace(SETTINGS, connect_to=server.connect_to)
        found = discover((f"http://{host}/",), settings, clock=lambda: NOW)
        asked = server.requests[host]
    assert [(one.url, one.kind) for one in found.chosen] == [(f"http://{host}{path}", kind)]
    assert found.requests == requests
    assert set(asked.values()) - {1} <= {2}
    assert [path for path, count in asked.items() if count > 1] in ([], ["/robots.txt"])


# --- outlets of our own ------------------------------------------------------


#: Path → status, media type and body, or the address to which it has moved.
Pages = Mapping[str, tuple[int, str, str] | str]


@dataclass
class Site:
    """An outlet on loopback, and what it was asked for."""

    pages: Pages
    asked: list[str] = field(default_factory=list)
    port: int = 0


HOST = "harbour.example"
HOME = f"http://{HOST}/"


@contextmanager
def served(pages: Pages) -> Iterator[Site]:
    """Serve the outlet for as long as the context lasts."""
    site = Site(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            reply = site.pages.get(self.path, (404, "text/html", "<p>not found</p>"))
            if isinstance(reply, str):
                self.send_response(301)
                self.send_header("Location", reply)
                body = b""
            else:
                self.send_response(reply[0])
                self.send_header("Content-Type", f"{reply[1]}; charset=utf-8")
                body = reply[2].encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.port = int(server.server_address[1])
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield site
        server.shutdown()
        thread.join()


def look(pages: Pages, url: str = HOME, *picks: str) -> tuple[Discovery, Site]:
    """Look for the lists of the outlet."""
    with served(pages) as site:
        settings = replace(SETTINGS, connect_to={HOST: ("127.0.0.1", site.port)})
        found = discover(spell_out(url), settings, picks=picks, clock=lambda: NOW)
    return found, site


def chosen(found: Discovery) -> list[tuple[str, str]]:
    return [(one.url.removeprefix(HOME), str(one.kind)) for one in found.chosen]


def rss(count: int = 3, *, age: timedelta | None = None) -> tuple[int, str, str]:
    moment = NOW - (age or days(1))
    items = "".join(
        f"<item><title>Fog over the harbour, part {n}</title><link>{HOME}news/{n}</link>"
        f"<pubDate>{format_datetime(moment - timedelta(hours=n))}</pubDate></item>"
        for n in range(count)
    )
    return 200, "application/rss+xml", f"<rss version='2.0'><channel>{items}</channel></rss>"


def html(head: str = "", body: str = "", *, articles: int = 0) -> tuple[int, str, str]:
    links = "".join(
        f"<p><a href='/news/fog-closes-the-harbour-{n}'>Fog closes the harbour, day {n}</a></p>"
        for n in range(articles)
    )
    text = f"<!doctype html><html lang=en><head>{head}</head><body><p>.</p>{body}{links}</body>"
    return 200, "text/html", text


def declared(*hrefs: str) -> str:
    return "".join(f"<link rel=alternate type=application/rss+xml href='{one}'>" for one in hrefs)


def test_a_feed_is_taken_as_given() -> None:
    found, site = look({"/news.php": rss()}, f"{HOME}news.php")
    assert chosen(found) == [("news.php", "feed")]
    assert found.answers[0].candidate.origin is Origin.GIVEN
    assert Counter(site.asked) == {"/robots.txt": 1, "/news.php": 1}


def test_a_sitemap_and_those_within_are_taken_as_given() -> None:
    inner = f"<urlset><url><loc>{HOME}news/1</loc></url></urlset>"
    index = f"<sitemapindex><sitemap><loc>{HOME}a.xml</loc></sitemap></sitemapindex>"
    pages: Pages = {"/map.xml": (200, "text/xml", index), "/a.xml": (200, "text/xml", inner)}
    found, _ = look(pages, f"{HOME}map.xml")
    assert chosen(found) == [("map.xml", "sitemap")]
    assert (len(found.chosen[0].reading.entries), found.requests) == (1, 2)


def test_of_several_declared_feeds_the_first_good_one_is_taken_and_the_others_are_told() -> None:
    head = declared("/comments/feed", "/old", "/empty", "/az/rss", "/ru/rss", "/gone")
    pages: Pages = {
        "/": html(head, articles=20),
        "/old": rss(age=days(400)),
        "/empty": rss(0),
        "/az/rss": rss(),
        "/ru/rss": rss(),
        "/comments/feed": rss(),
    }
    found, site = look(pages)
    assert chosen(found) == [("az/rss", "feed")]
    assert [(one.url.removeprefix(HOME), one.weakness(now=NOW)) for one in found.others] == [
        ("old", "nothing new since 2024-11-28"),
        ("empty", "no entries"),
        ("ru/rss", ""),
    ]
    assert [one.url for one in found.unasked] == [f"{HOME}comments/feed"]
    assert "/comments/feed" not in site.asked, "its entries are not wanted"
    assert "/rss" not in site.asked, "nothing was guessed"


def test_a_page_about_feeds_is_read_too() -> None:
    rss_page = html("", "<a href='/rss/all.xml'>All</a> <a href='/rss/sport.xml'>Sport</a>")
    pages: Pages = {
        "/": html("", "<a href='/rss'>RSS</a>"),
        "/rss": rss_page,
        "/rss/all.xml": rss(),
        "/rss/sport.xml": rss(),
    }
    found, _ = look(pages)
    assert chosen(found) == [("rss/all.xml", "feed")]
    assert [one.url for one in found.others] == [f"{HOME}rss/sport.xml"]


def test_a_usual_place_is_guessed_and_one_is_enough() -> None:
    found, site = look({"/": html(), "/rss.xml": rss(), "/feed/": rss()})
    assert chosen(found) == [("rss.xml", "feed")]
    assert site.asked == ["/robots.txt", "/", "/rss", "/rss.xml"]


def test_a_feed_that_has_moved_for_good_is_polled_where_it_is() -> None:
    found, _ = look({"/": html(declared("/old")), "/old": f"{HOME}new", "/new": rss()})
    assert chosen(found) == [("new", "feed")]


def test_what_leads_to_the_same_place_is_asked_once() -> None:
    pages: Pages = {"/": html(declared("/a", "/b")), "/a": "/c", "/b": "/c", "/c": rss()}
    found, site = look(pages)
    assert chosen(found) == [("c", "feed")]
    assert found.others == ()
    assert [one.failure for one in found.answers][-1] == f"leads to {HOME}c"
    assert Counter(site.asked)["/c"] == 2


def test_a_stale_feed_is_better_than_none() -> None:
    found, site = look({"/": html(declared("/feed")), "/feed": rss(age=days(100))})
    assert chosen(found) == [("feed", "feed")]
    assert {"/rss", "/sitemap.xml"} <= set(site.asked), "better ones were looked for"


def test_a_page_without_feeds_is_a_list_itself_if_it_links_to_articles() -> None:
    found, _ = look({"/": html(articles=20)})
    assert chosen(found) == [("", "listing")]
    assert len(found.chosen[0].reading.entries) == 20
    found, _ = look({"/": html(articles=3)})
    assert found.chosen == ()
    assert found.answers[-1].weakness(now=NOW) == "3 links to articles"


# --- sections ----------------------------------------------------------------

SECTION = f"{HOME}az/diaspor"


def test_a_section_page_is_taken_as_given() -> None:
    pages: Pages = {"/az/diaspor": html(declared("/feed"), articles=20), "/feed": rss()}
    found, _ = look(pages, SECTION)
    assert chosen(found) == [("az/diaspor", "listing")]
    assert [one.url for one in found.others] == [f"{HOME}feed"]


def test_the_feed_of_the_section_is_better() -> None:
    head = declared("/feed", "/az/diaspor/feed")
    pages: Pages = {
        "/az/diaspor": html(head, articles=20),
        "/feed": rss(),
        "/az/diaspor/feed": rss(),
    }
    found, _ = look(pages, SECTION)
    assert chosen(found) == [("az/diaspor/feed", "feed")]


# --- picks -------------------------------------------------------------------


def test_what_is_picked_is_polled_whatever_else_there_is() -> None:
    pages: Pages = {
        "/": html(declared("/feed"), articles=20),
        "/ru/rss": rss(),
        "/empty": rss(0),
        "/moved": "/ru/rss",
    }
    found, site = look(pages, HOME, "ru/rss", f"{HOME}empty", "/moved", HOME)
    assert chosen(found) == [("ru/rss", "feed"), ("empty", "feed"), ("", "listing")]
    assert "/feed" not in site.asked


@pytest.mark.parametrize("pick", ["/gone", "/about"])
def test_a_pick_that_lists_nothing_leaves_nothing(pick: str) -> None:
    found, _ = look({"/": html(declared("/feed")), "/feed": rss(), "/about": html()}, HOME, pick)
    assert found.chosen == ()
    assert found.answers[-1].candidate.url.endswith(pick)


# --- manners and limits ------------------------------------------------------


def test_robots_txt_can_forbid_pages_and_guesses_but_not_what_is_published_for_robots() -> None:
    robots = (200, "text/plain", f"User-agent: *\nDisallow: /\nSitemap: {HOME}map.xml")
    sitemap = f"<urlset><url><loc>{HOME}news/1</loc><lastmod>2026-01-01</lastmod></url></urlset>"
    pages: Pages = {
        "/robots.txt": robots,
        "/": html(declared("/feed")),
        "/feed": rss(),
        "/map.xml": (200, "text/xml", sitemap),
    }
    found, site = look(pages)
    assert found.answers[0].reason is Reason.ROBOTS
    assert chosen(found) == [("map.xml", "sitemap")]
    assert set(site.asked) == {"/robots.txt", "/map.xml"}
    found, _ = look(pages, f"{HOME}feed")
    assert chosen(found) == [("feed", "feed")]


def test_a_front_page_that_is_refused_does_not_end_the_search() -> None:
    found, _ = look({"/": (403, "text/html", ""), "/rss": rss()})
    assert chosen(found) == [("rss", "feed")]
    found, site = look({"/": (429, "text/html", ""), "/rss": rss()})
    assert found.chosen == ()
    assert "/rss" not in site.asked


def test_no_more_is_asked_than_the_budget_allows() -> None:
    many = declared(*(f"/a/{n}.rss" for n in range(60)))
    links = "".join(f"<a href='/b/{n}.rss'>b</a>" for n in range(60))
    found, site = look({"/": html(many, links)})
    assert found.chosen == ()
    assert found.requests == BUDGET
    pages = [path for path in site.asked if path != "/robots.txt"]
    assert len(pages) <= BUDGET
    assert sum(path.startswith("/a/") for path in pages) == EACH
    assert sum(path.startswith("/b/") for path in pages) == EACH
    assert len(found.unasked) == 120 - 2 * EACH
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert f"At most {BUDGET} requests are made" in readme


def test_an_address_without_a_scheme_is_asked_by_https_first() -> None:
    found, _ = look({"/": html(declared("/feed")), "/feed": rss()}, HOST)
    assert [one.candidate.url for one in found.answers] == [
        f"https://{HOST}/",
        HOME,
        f"{HOME}feed",
    ]
    assert found.page_url == HOME
    assert chosen(found) == [("feed", "feed")]


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://[::1]/"])
def test_addresses_that_are_not_public_are_refused(url: str) -> None:
    found = discover((url,), Settings(gap=0.0), clock=lambda: NOW)
    assert [one.reason for one in found.answers] == [Reason.PRIVATE_ADDRESS]
    assert (found.chosen, found.requests) == ((), 1)


def test_each_request_is_told_before_it_is_made() -> None:
    told: list[tuple[int, int, str]] = []
    with served({"/": html(declared("/feed")), "/feed": rss()}) as site:
        settings = replace(SETTINGS, connect_to={HOST: ("127.0.0.1", site.port)})
        discover((HOME,), settings, clock=lambda: NOW, show=lambda *one: told.append(one))
    assert told == [(1, BUDGET, HOME), (2, BUDGET, f"{HOME}feed")]


def test_one_request_at_a_time_with_the_gap() -> None:
    starts: list[datetime] = []
    with served({"/": html(declared("/feed")), "/feed": rss()}) as site:
        settings = replace(SETTINGS, gap=0.2, connect_to={HOST: ("127.0.0.1", site.port)})
        began = datetime.now(tz=NOW.tzinfo)
        discover((HOME,), settings, clock=lambda: NOW, show=lambda *_: starts.append(began))
        ended = datetime.now(tz=NOW.tzinfo)
    assert len(starts) == 2
    assert ended - began >= timedelta(seconds=0.4), "robots.txt, the page, the feed"


def test_a_page_that_is_a_trap_costs_only_itself() -> None:
    found, _ = look({"/": (200, "text/html", "<div>" * 100_000), "/rss": rss()})
    assert chosen(found) == [("rss", "feed")]
