"""A press of a few invented outlets on loopback, whose pages a test writes itself."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import sqlalchemy as sa

from pipeline.jobs.collect import CollectReport, collect
from pipeline.jobs.readers import Readers
from pipeline.model import Topic
from pipeline.settings import Settings
from pipeline.sources import Catalogue, parse_sources
from pipeline.store.database import Archive
from tests.fakes import NOW

#: Ten sentences that tell one article from another by the word in each.
SENTENCE = "The {word} choir of the island sang for number {n} of the evening in the old hall."


def words(word: str, sentences: int = 10) -> str:
    """A text of so many paragraphs about a word."""
    return "\n".join(SENTENCE.format(word=word, n=n) for n in range(sentences))


def article(title: str, text: str, *, head: str = "") -> str:
    """A page with an article."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return (
        f"<!doctype html><html lang='en'><head><title>{escape(title)}</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>{escape(title)}</h1>{paragraphs}</article>"
        "</body></html>"
    )


def item(link: str, title: str, *, guid: str = "", summary: str = "", more: str = "") -> str:
    """An item of a feed."""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<guid isPermaLink='false'>{escape(guid or link)}</guid>"
        f"<description>{escape(summary)}</description>{more}</item>"
    )


def feed(*items: str, more: str = "") -> str:
    """A feed of items."""
    return f"<rss version='2.0'><channel><title>F</title>{more}{''.join(items)}</channel></rss>"


#: Where nobody listens.
NOBODY = ("127.0.0.1", 9)


@dataclass(frozen=True)
class Answer:
    """What a host answers."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Press:
    """Hosts whose answers a test sets, an archive, and a clock that a test moves.

    ``answers`` maps ``outlet.example/path`` to what is answered; what is not there is a 404.
    """

    def __init__(self, archive: Archive, topic: Topic, readers: Readers) -> None:
        self.archive = archive
        self.now = NOW
        self.answers: dict[str, Answer | str] = {}
        self.asked: Counter[str] = Counter()
        self.silent: set[str] = set()  # hosts that do not answer
        self.lead: dict[str, tuple[str, int]] = {}  # hosts that are others
        self.heard: list[tuple[str, Mapping[str, str]]] = []  # address, headers of the request
        self._topic = topic
        self.readers = readers
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.catalogue = Catalogue(topic=topic, sources=(), hash="press")
        self.settings = Settings(
            gap=0.0,
            request_time=5.0,
            hosts_at_once=4,
            allowed_networks=(ip_network("127.0.0.0/8"),),
        )

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self._server.server_address[:2]
        return str(host), port

    def read(self, sources: str) -> None:
        """Read sources (YAML of the list); their hosts, and those of others named, are ours."""
        season = '{start: "12-16", day: "12-31", end: "01-05"}'
        head = f"topic: {{name: T, time_zone: UTC, names: {{en: [n]}}, season: {season}}}\n"
        parsed = parse_sources(head + "sources:\n" + sources)
        self.catalogue = Catalogue(topic=self._topic, sources=parsed.sources, hash="press")

    def collect(self, *, after: timedelta = timedelta(0), **more: Any) -> CollectReport:
        """Collect once, so much later than the last time."""
        self.now += after
        self.settings = replace(self.settings, connect_to=self._lines())
        self.asked.clear()
        self.heard.clear()
        return collect(
            self.archive,
            self.catalogue,
            self.settings,
            clock=lambda: self.now,
            readers=self.readers,
            **more,
        )

    def _lines(self) -> dict[str, tuple[str, int]]:
        feeds = [each.url for source in self.catalogue.sources for each in source.feeds]
        hosts = {url.split("/")[2] for url in feeds}
        hosts |= {address.partition("/")[0] for address in self.answers}
        silent = dict.fromkeys(self.silent, NOBODY)
        return dict.fromkeys(hosts, self.address) | silent | self.lead

    def rows(self, *columns: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
        """Return what stands in the archive."""
        with self.archive.reading() as connection:
            return [tuple(row) for row in connection.execute(sa.select(*columns))]

    def _handler(press) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - “self” is the handler's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                address = f"{self.headers['Host']}{self.path}"
                press.asked[address] += 1
                press.heard.append((address, dict(self.headers)))
                answer = press.answers.get(address, Answer(status=404))
                if isinstance(answer, str):
                    answer = Answer(answer)
                self._send(answer)

            def _send(self, answer: Answer) -> None:
                etag = answer.headers.get("ETag")
                same = etag is not None and self.headers.get("If-None-Match") == etag
                body = b"" if same else answer.body.encode()
                self.send_response(304 if same else answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if "Content-Type" not in answer.headers:
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
