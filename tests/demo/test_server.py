"""The newsroom over real HTTP, on loopback."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from threading import Thread
from xml.etree import ElementTree as ET

import feedparser
import pytest
from bs4 import BeautifulSoup

from pipeline.demo.content import (
    FURNITURE,
    DemoArticle,
    Form,
    Newsroom,
    Outlet,
    OutletFeed,
    load_newsroom,
)
from pipeline.demo.pages import written_moment
from pipeline.demo.replies import SHOWN, reply_to
from pipeline.demo.server import NewsroomServer

NEWSROOM = load_newsroom()
BY_ID = {article.id: article for article in NEWSROOM.articles}
OUTLETS = {outlet.id: outlet for outlet in NEWSROOM.outlets}
FEEDS = [(outlet, feed) for outlet in NEWSROOM.outlets for feed in outlet.feeds]
ORIGINAL = BY_ID["den-solidarnosti-2023"]

each_feed = pytest.mark.parametrize(
    ("outlet", "feed"), FEEDS, ids=[outlet.url(feed.path) for outlet, feed in FEEDS]
)


class Answer:
    """A reply that is read to its end."""

    def __init__(self, connection: HTTPConnection, host: str, target: str, **asked: str) -> None:
        method = asked.pop("method", "GET")
        headers = {name.replace("_", "-"): value for name, value in asked.items()}
        connection.request(method, target, headers={"Host": host, **headers})
        reply = connection.getresponse()
        self.status = reply.status
        self.headers = reply.headers
        self.body = reply.read()


@pytest.fixture
def server() -> Iterator[NewsroomServer]:
    with NewsroomServer(NEWSROOM) as running:
        yield running


@pytest.fixture
def line(server: NewsroomServer) -> Iterator[HTTPConnection]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    yield connection
    connection.close()


def listed(feed: OutletFeed, body: bytes) -> list[str]:
    """Read the addresses of a feed, without the code of the pipeline."""
    if feed.form is Form.JSON:
        return [item["url"] for item in json.loads(body)["items"]]
    if feed.form is Form.SITEMAP:
        return [str(loc.text) for loc in ET.fromstring(body).iterfind(".//{*}loc")]  # noqa: S314
    if feed.form is Form.LISTING:
        return [str(a["href"]) for a in BeautifulSoup(body, "lxml").select("a.news-link")]
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return [entry.link for entry in parsed.entries]


@each_feed
def test_feed_lists_what_the_outlet_published(
    outlet: Outlet, feed: OutletFeed, line: HTTPConnection
) -> None:
    answer = Answer(line, outlet.host, feed.path)
    expected = [
        article.target if feed.form is Form.LISTING else article.url
        for article in NEWSROOM.newest(outlet, until=None)
        if feed.language in {None, article.language}
    ]
    assert answer.status == 200
    assert listed(feed, answer.body) == expected
    assert f"charset={outlet.charset}" in answer.headers["Content-Type"]


@pytest.mark.parametrize("article", NEWSROOM.articles, ids=lambda a: a.id)
def test_page_shows_the_article_among_its_furniture(article: DemoArticle) -> None:
    reply = reply_to(NEWSROOM, article.outlet.host, article.target, until=None)
    assert reply.status == (404 if article.gone else 200)
    soup = BeautifulSoup(reply.body, "lxml", from_encoding=article.outlet.charset)
    text = " ".join(soup.get_text(" ").split())
    for paragraph in article.paragraphs:
        assert (paragraph in text) is not article.gone
    furniture = NEWSROOM.furniture[
        article.outlet.languages[0] if article.gone else article.language
    ]
    assert furniture.cookie in text
    assert any(word in text for word in FURNITURE)
    if not article.gone:
        assert article.title in text
        assert furniture.related[1] in text
        assert furniture.tags[0] in text
        assert furniture.comments[0] in text


def test_page_comes_over_the_wire_in_the_declared_charset(line: HTTPConnection) -> None:
    answer = Answer(line, ORIGINAL.outlet.host, ORIGINAL.target)
    assert answer.headers["Content-Type"] == "text/html; charset=windows-1251"
    text = answer.body.decode("windows-1251")
    assert ORIGINAL.title in text
    assert 'charset=windows-1251"' in text


def test_no_document_names_the_port(server: NewsroomServer, line: HTTPConnection) -> None:
    targets = [(outlet.host, feed.path) for outlet, feed in FEEDS]
    targets += [(article.outlet.host, article.target) for article in NEWSROOM.articles[:10]]
    bodies = [Answer(line, host, target).body for host, target in targets]
    assert [body for body in bodies if str(server.port).encode() in body] == []
    assert set(server.connect_to) == {outlet.host for outlet in NEWSROOM.outlets}
    assert set(server.connect_to.values()) == {("127.0.0.1", server.port)}


def test_dates_stand_where_the_outlet_puts_them() -> None:
    def page(id_: str) -> str:
        article = BY_ID[id_]
        reply = reply_to(NEWSROOM, article.outlet.host, article.target, until=None)
        return reply.body.decode(article.outlet.charset)

    office = page("icma-qebulu-2025")
    assert "29 dekabr 2025, 21:05" in office
    assert "2025-12-29" not in office
    daily = page("istanbul-konser-2025")
    assert 'datetime="2025-12-29T10:30+03:00"' in daily
    assert "Aralık 2025" not in daily
    radio = page("paziraei-baku-1404")
    assert 'dir="rtl"' in radio
    assert "۳۰ دسامبر ۲۰۲۵" in radio
    linked = BeautifulSoup(page("baki-qebulu-2025"), "lxml").find("script")
    assert linked is not None
    assert json.loads(str(linked.string))["datePublished"] == "2025-12-29T19:40:00+04:00"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("az", "5 yanvar 2025, 07:03"),
        ("en", "5 January 2025 07:03 (UTC+04:00)"),
        ("ru", "5 января 2025, 07:03"),
        ("tr", "5 Ocak 2025 07:03"),
        ("fa", "۵ ژانویه ۲۰۲۵، ساعت ۰۷:۰۳"),
        ("de", "5. Januar 2025"),
    ],
)
def test_moment_is_written_in_the_language(language: str, text: str) -> None:
    assert written_moment(datetime.fromisoformat("2025-01-05T07:03+04:00"), language) == text


@pytest.mark.parametrize("path", ["/rss.xml", "/news/den-solidarnosti-2023.html", "/"])
def test_unchanged_document_is_not_sent_again(path: str, line: HTTPConnection) -> None:
    host = ORIGINAL.outlet.host
    first = Answer(line, host, path)
    by_tag = Answer(line, host, path, If_None_Match=first.headers["ETag"])
    by_moment = Answer(line, host, path, If_Modified_Since=first.headers["Last-Modified"])
    assert (first.status, by_tag.status, by_moment.status) == (200, 304, 304)
    assert by_tag.body == by_moment.body == b""
    other_tag = Answer(
        line,
        host,
        path,
        If_None_Match='"other"',
        If_Modified_Since=first.headers["Last-Modified"],
    )
    junk = Answer(line, host, path, If_Modified_Since="yesterday")
    assert (other_tag.status, junk.status) == (200, 200)


def test_a_new_article_changes_the_feed(server: NewsroomServer, line: HTTPConnection) -> None:
    host = ORIGINAL.outlet.host
    server.show_until(ORIGINAL.published_at)
    before = Answer(line, host, "/rss.xml")
    server.show_until(None)
    after = Answer(line, host, "/rss.xml", If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert after.headers["ETag"] != before.headers["ETag"]


@each_feed
def test_clock_hides_what_comes_later(
    outlet: Outlet, feed: OutletFeed, server: NewsroomServer, line: HTTPConnection
) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    server.show_until(moment)
    shown = set(listed(feed, Answer(line, outlet.host, feed.path).body))
    for article in NEWSROOM.articles:
        if article.outlet == outlet and feed.language in {None, article.language}:
            address = article.target if feed.form is Form.LISTING else article.url
            assert (address in shown) == (article.published_at <= moment)


def test_page_does_not_exist_before_it_is_published(
    server: NewsroomServer, line: HTTPConnection
) -> None:
    server.show_until(datetime(2023, 12, 1, tzinfo=UTC))
    assert Answer(line, ORIGINAL.outlet.host, ORIGINAL.target).status == 404
    assert Answer(line, ORIGINAL.outlet.host, "/rss.xml").status == 200
    server.show_until(ORIGINAL.published_at)
    assert Answer(line, ORIGINAL.outlet.host, ORIGINAL.target).status == 200


@each_feed
def test_feed_is_well_formed_before_the_first_article(outlet: Outlet, feed: OutletFeed) -> None:
    reply = reply_to(NEWSROOM, outlet.host, feed.path, until=datetime(2020, 1, 1, tzinfo=UTC))
    assert listed(feed, reply.body) == []
    assert reply.modified_at is None


def test_feed_shows_the_newest_only() -> None:
    many = tuple(
        replace(
            ORIGINAL,
            id=f"n{number}",
            url=ORIGINAL.outlet.url(f"/news/n{number}.html"),
            published_at=ORIGINAL.published_at.replace(minute=number),
        )
        for number in range(SHOWN + 5)
    )
    newsroom = Newsroom(outlets=NEWSROOM.outlets, articles=many, furniture=NEWSROOM.furniture)
    reply = reply_to(newsroom, ORIGINAL.outlet.host, "/rss.xml", until=None)
    links = listed(ORIGINAL.outlet.feeds[0], reply.body)
    assert links == [article.url for article in reversed(many)][:SHOWN]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("", None),
    ],
)
def test_gzip_is_used_when_asked(accepted: str, coding: str | None, line: HTTPConnection) -> None:
    host = ORIGINAL.outlet.host
    plain = Answer(line, host, ORIGINAL.target)
    answer = Answer(line, host, ORIGINAL.target, accept_encoding=accepted)
    assert answer.headers["Content-Encoding"] == coding
    assert answer.headers["Content-Length"] == str(len(answer.body))
    body = gzip.decompress(answer.body) if coding else answer.body
    assert body == plain.body
    assert answer.headers["ETag"] == plain.headers["ETag"]


def test_head_tells_the_length_without_the_body(line: HTTPConnection) -> None:
    got = Answer(line, ORIGINAL.outlet.host, ORIGINAL.target)
    head = Answer(line, ORIGINAL.outlet.host, ORIGINAL.target, method="HEAD")
    assert head.status == 200
    assert head.body == b""
    assert head.headers["Content-Length"] == str(len(got.body))


def test_robots_forbid_one_path_of_one_outlet(line: HTTPConnection) -> None:
    for outlet in NEWSROOM.outlets:
        answer = Answer(line, outlet.host, "/robots.txt")
        assert answer.headers["Content-Type"].startswith("text/plain")
        rules = answer.body.decode().splitlines()
        expected = f"Disallow: {outlet.disallow}" if outlet.disallow else "Disallow:"
        assert rules[:2] == ["User-agent: *", expected]
    forbidden = BY_ID["zametki-redaktora-2026"]
    assert forbidden.target.startswith(str(forbidden.outlet.disallow))
    feed = Answer(line, forbidden.outlet.host, "/rss.xml")
    assert forbidden.url in feed.body.decode("windows-1251")


def test_gone_article_is_listed_and_missing(line: HTTPConnection) -> None:
    gone = BY_ID["kars-kutlama-2026"]
    assert gone.url in Answer(line, gone.outlet.host, "/atom.xml").body.decode()
    assert Answer(line, gone.outlet.host, gone.target).status == 404


@pytest.mark.parametrize("outlet", NEWSROOM.outlets, ids=lambda o: o.id)
def test_front_page_links_the_articles(outlet: Outlet, line: HTTPConnection) -> None:
    answer = Answer(line, outlet.host, "/")
    links = [a["href"] for a in BeautifulSoup(answer.body, "lxml").select("a.news-link")]
    assert links == [article.target for article in NEWSROOM.newest(outlet, until=None)]
    assert Answer(line, outlet.host, "/section/1").body == answer.body


def test_unknown_addresses_and_hosts_are_refused(line: HTTPConnection) -> None:
    outlet = OUTLETS["narta"]
    missing = Answer(line, outlet.host, "/favicon.ico")
    assert missing.status == 404
    assert missing.headers["ETag"] is None
    assert Answer(line, "elsewhere.example", "/").status == 421
    assert Answer(line, f"{outlet.host.upper()}:8080", "/").status == 200


def test_requests_are_counted_per_host(server: NewsroomServer) -> None:
    def ask(host: str) -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
        for _ in range(5):
            Answer(connection, host, "/robots.txt")
        connection.close()

    hosts = [outlet.host for outlet in NEWSROOM.outlets] * 2
    threads = [Thread(target=ask, args=(host,)) for host in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {host: dict(asked) for host, asked in server.requests.items()} == {
        outlet.host: {"/robots.txt": 10} for outlet in NEWSROOM.outlets
    }


def test_server_stops_while_a_client_keeps_its_connection() -> None:
    with NewsroomServer(NEWSROOM) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
        first = Answer(connection, "narta.example", "/robots.txt")
        second = Answer(connection, "narta.example", "/robots.txt")  # the same connection
        assert (first.status, second.status) == (200, 200)
        port = server.port
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        HTTPConnection("127.0.0.1", port, timeout=10).request("GET", "/")


def test_two_servers_give_the_same_bytes() -> None:
    bodies = []
    for _ in range(2):
        with NewsroomServer(load_newsroom()) as server:
            connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
            asked = [
                Answer(connection, outlet.host, feed.path, Accept_Encoding="gzip")
                for outlet, feed in FEEDS
            ]
            connection.close()
            bodies.append([answer.body for answer in asked])
    assert bodies[0] == bodies[1]
