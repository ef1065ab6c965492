"""Against real hosts on loopback that send what a test tells them to, byte by byte."""

import gzip
import itertools
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import FetchError, RefusedError, StatusError, UnreachableError
from pipeline.model import Page, Reason, Validators
from pipeline.settings import Settings
from pipeline.web import resolving
from pipeline.web.fetcher import Fetcher
from pipeline.web.manners import Manners

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)
PAGE = "<html><body><p>Bayram münasibətilə görüş keçirilib.</p></body></html>".encode()
ZIPPED = gzip.compress(PAGE)
CAP = 100_000

Serve = Callable[..., str]


@pytest.fixture
def fetcher(settings: Settings) -> Iterator[Fetcher]:
    with Fetcher(settings, clock=lambda: NOON) as made:
        yield made


def reply(body: bytes = PAGE, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def announcing(length: str, body: bytes = PAGE) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode() + body


def sending(*pieces: bytes, pause: float = 0.0) -> Callable[[socket.socket, str], None]:
    """Return a host that answers anything with ``pieces`` and hangs up."""

    def answer(connection: socket.socket, head: str) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


def with_paths(paths: dict[str, bytes]) -> Callable[[socket.socket, str], bool]:
    """Return a host that answers by path and keeps its connections."""

    def answer(connection: socket.socket, head: str) -> bool:
        connection.sendall(paths.get(head.split()[1], reply(b"no", "404 Not Found")))
        return True

    return answer


def redirect(to: str, status: str = "302 Found") -> bytes:
    return reply(b"moved", status, f"Location: {to}")


def failure(fetcher: Fetcher, url: str, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url, **{"max_bytes": CAP} | options)
    assert caught.value.url == url
    return caught.value


# --- what a page is --------------------------------------------------------


def test_a_page_and_all_that_is_kept_of_it(serve: Serve, fetcher: Fetcher) -> None:
    origin = serve(with_paths({"/1": reply(PAGE, "200 OK", "ETag: x", "Vary: a", "vary: b")}))
    assert fetcher.fetch(f"{origin}/1", max_bytes=CAP) == Page(
        url=f"{origin}/1",
        final_url=f"{origin}/1",
        status=200,
        headers={"content-length": str(len(PAGE)), "etag": "x", "vary": "a, b"},
        body=PAGE,
        fetched_at=NOON,
    )


def test_a_compressed_page_is_kept_as_it_came_too(serve: Serve, fetcher: Fetcher) -> None:
    origin = serve(sending(reply(ZIPPED, "200 OK", "Content-Encoding: gzip")))
    page = fetcher.fetch(origin, max_bytes=CAP)
    assert (page.body, page.sent_body) == (PAGE, ZIPPED)


def test_what_we_say_of_ourselves(serve: Serve, settings: Settings) -> None:
    heads: list[str] = []

    def answer(connection: socket.socket, head: str) -> None:
        heads.append(head)
        connection.sendall(reply())

    origin = serve(answer).replace("http://", "http://name:secret@")
    with Fetcher(replace(settings, user_agent="robot/1 (+https://a.example)")) as fetcher:
        fetcher.fetch(f"{origin}/xəbər?q=ə#top", max_bytes=CAP, accept="text/plain")
    lines = heads[0].strip().split("\r\n")
    assert lines[0] == "GET /x%C9%99b%C9%99r?q=%C9%99 HTTP/1.1"
    assert sorted(lines[1:]) == [
        "Accept-Encoding: gzip, deflate",
        "Accept: text/plain",
        "Host: " + origin.partition("@")[2],
        "User-Agent: robot/1 (+https://a.example)",
    ]


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ONE_CHUNK = b"%x\r\n" % len(PAGE) + PAGE + b"\r\n0\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + PAGE,
        b"HTTP/1.0 200\r\n\r\n" + PAGE,
        b"HTTP/1.1 203 Non-Authoritative\r\n\r\n" + PAGE,
        b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + PAGE,
        b"HTTP/1.1 100 Continue\r\n\r\n" + reply(),
        HINTS + reply(),
        b"HTTP/1.1 102 Processing\r\n\r\n" + HINTS + reply(),
        b"HTTP/1.1 200 OK\r\nno colon in here\r\n\r\n" + PAGE,
        reply(ZIPPED, "200 OK", "no colon in here", "Content-Encoding: gzip"),
        reply(ZIPPED, "200 OK", "<b>Warning</b>: on line 7", "Content-Encoding: gzip"),
        reply(ZIPPED, "200 OK", ": no name", "X: \0\x1b", "Content-Encoding : gzip"),
        reply(ZIPPED, "200 OK", "Content-Encoding:", "\tgzip"),
        CHUNKED.replace(b"\r\n\r\n", b"\r\nno colon\r\nContent-Length: 7\r\n\r\n") + ONE_CHUNK,
        CHUNKED.replace(b"chunked", b"Chunked") + ONE_CHUNK,
        CHUNKED.replace(b"chunked", b"gzip, chunked")
        + b"%x\r\n" % len(ZIPPED)
        + ZIPPED
        + b"\r\n0\r\n\r\n",
        CHUNKED + ONE_CHUNK[:-2],  # without the blank line at the end
        reply(PAGE, "200 OK", f"Content-Length: {len(PAGE)}"),
        announcing(f"{len(PAGE)}, {len(PAGE)}"),
        announcing("many"),
        reply(PAGE, "200 OK", "Content-Range: bytes 0-9/900", "Retry-After: 900", "Refresh: 0"),
        announcing(str(len(PAGE.decode()))),  # letters counted, bytes sent
        announcing("0"),
        reply(PAGE) + b"\r\n",
        reply(PAGE) + reply(b"nobody asked for this"),
        reply(PAGE, "200 OK", *[f"X-{n}: {n}" for n in range(300)]),
        reply(PAGE, "200 OK", "Content-Encoding: gzip"),
        CHUNKED + ONE_CHUNK,
        CHUNKED + b"".join(b"1;ext\r\n%c\r\n" % byte for byte in PAGE) + b"0\r\nX: y\r\n\r\n",
    ],
    ids=itertools.count(),
)
def test_odd_but_whole_replies_are_pages(serve: Serve, fetcher: Fetcher, sent: bytes) -> None:
    assert fetcher.fetch(serve(sending(sent)), max_bytes=CAP).body == PAGE


# --- broken replies --------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", Reason.UNREACHABLE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + PAGE, Reason.TRUNCATED),
        (CHUNKED + b"fff\r\n" + PAGE, Reason.TRUNCATED),
        (CHUNKED + b"5\r\n<html\r\n", Reason.TRUNCATED),
        (CHUNKED + b"-1\r\n" + PAGE, Reason.TRUNCATED),
        (CHUNKED + b"-5\r\n" + PAGE, Reason.BAD_REPLY),
        (CHUNKED + b"many\r\n" + PAGE, Reason.TRUNCATED),
        (CHUNKED + b"1" * 70_000, Reason.BAD_REPLY),
        (reply(ZIPPED[:-4], "200 OK", "Content-Encoding: gzip"), Reason.TRUNCATED),
        (reply(b"\x8b\x0b\x80salam", "200 OK", "Content-Encoding: br"), Reason.BAD_REPLY),
        (PAGE, Reason.BAD_REPLY),  # HTTP/0.9
        (b"\x15\x03\x01\x00\x02\x02\x46", Reason.BAD_REPLY),  # TLS
        (b"HTTP/1.1 " + b"2" * 70_000, Reason.BAD_REPLY),
        (b"HTTP/1.1 OK\r\n\r\n" + PAGE, Reason.BAD_REPLY),
        (b"HTTP/2.0 200 OK\r\n\r\n" + PAGE, Reason.BAD_REPLY),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Reason.TRUNCATED),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", Reason.BAD_REPLY),
        (CHUNKED + b"5;" + b"x" * 70_000 + b"\r\n<html\r\n0\r\n\r\n", Reason.BAD_REPLY),
        (CHUNKED + b"0\r\n" + b"x" * 70_000, Reason.BAD_REPLY),
        (CHUNKED + PAGE, Reason.TRUNCATED),  # in no chunks
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n" + ZIPPED[:-4], Reason.TRUNCATED),
        (reply(b"", "205 Reset Content"), Reason.BAD_REPLY),
        (reply(PAGE, "206 Partial Content", "Content-Range: bytes 0-68/900"), Reason.BAD_REPLY),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Reason.BAD_REPLY),
        (b"HTTP/1.1 099 Odd\r\n\r\n", Reason.BAD_REPLY),
        (b"HTTP/1.1 999 Odd\r\n\r\n", Reason.BAD_REPLY),
        (reply(b"", "302 Found"), Reason.BAD_REPLY),
        (reply(b"", "204 No Content"), Reason.BAD_REPLY),
        (reply(PAGE, "200 OK", "X: " + "a" * 2_000_000), Reason.BAD_REPLY),
        (reply(PAGE, "200 OK", *[f"X-{n}: y" for n in range(2_000)]), Reason.BAD_REPLY),
        (reply(PAGE, "200 OK", *["X: " + "y" * 60_000] * 100), Reason.TOO_LARGE),
        (reply(PAGE, "200 OK", "Content-Length: 7"), Reason.BAD_REPLY),
        (reply(bytes(CAP + 1)), Reason.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\n\r\n" + bytes(CAP + 1), Reason.TOO_LARGE),
        (
            reply(gzip.compress(bytes(20_000_000)), "200 OK", "Content-Encoding: gzip"),
            Reason.TOO_LARGE,
        ),
    ],
    ids=itertools.count(),
)
def test_what_is_no_whole_reply_fails_with_its_reason(
    serve: Serve, fetcher: Fetcher, sent: bytes, reason: Reason
) -> None:
    assert failure(fetcher, serve(sending(sent))).reason is reason


def test_a_body_of_just_the_cap_is_a_page(serve: Serve, fetcher: Fetcher) -> None:
    assert len(fetcher.fetch(serve(sending(reply(bytes(CAP)))), max_bytes=CAP).body) == CAP


@pytest.mark.parametrize(
    ("start", "block"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", bytes(65_536)),
        (CHUNKED, b"8000\r\n" + bytes(0x8000) + b"\r\n"),
        (CHUNKED + b"-1\r\n", bytes(65_536)),  # which a library may read as “all there is”
        (CHUNKED + b"0\r\n", b"X: y\r\n" * 10_000),  # trailers
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000),
    ],
    ids=["body", "chunks", "minus one", "trailers", "continue"],
)
def test_a_reply_without_end_is_cut_off(
    serve: Serve, fetcher: Fetcher, start: bytes, block: bytes
) -> None:
    sent = [0]

    def answer(connection: socket.socket, head: str) -> None:
        connection.sendall(start)
        while True:  # until the client hangs up
            connection.sendall(block)
            sent[0] += len(block)

    assert failure(fetcher, serve(answer)).reason in {Reason.TOO_LARGE, Reason.BAD_REPLY}
    assert sent[0] < 20_000_000


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (b"", Reason.UNREACHABLE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<html>", Reason.TRUNCATED),
    ],
)
def test_a_reset(serve: Serve, fetcher: Fetcher, first: bytes, reason: Reason) -> None:
    def answer(connection: socket.socket, head: str) -> None:
        connection.sendall(first)
        time.sleep(0.1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    error = failure(fetcher, serve(answer))
    assert isinstance(error, UnreachableError)
    assert error.reason is reason


def test_nobody_listens(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = failure(fetcher, f"http://127.0.0.1:{port}/")
    assert isinstance(error, UnreachableError)
    assert (error.reason, "refused" in error.detail) == (Reason.UNREACHABLE, True)


# --- time ------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        CHUNKED + b"1",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 9000\r\n\r\n",
    ],
    ids=["status line", "headers", "body", "body without length", "chunk size", "unwanted body"],
)
def test_no_drip_outlasts_the_deadline(serve: Serve, settings: Settings, start: bytes) -> None:
    origin = serve(sending(start, *[b"1"] * 400, pause=0.05))
    began = time.monotonic()
    with Fetcher(replace(settings, request_time=0.6)) as fetcher:
        error = failure(fetcher, f"{origin}/")
    assert error.reason in {Reason.TIMEOUT, Reason.NOT_FOUND}
    assert time.monotonic() - began < 5  # the drip goes on for twenty


def test_the_deadline_covers_all_hops(serve: Serve, settings: Settings) -> None:
    def answer(connection: socket.socket, head: str) -> bool:
        time.sleep(0.1)
        number = int(head.split()[1].removeprefix("/"))
        connection.sendall(redirect(f"/{number + 1}"))
        return True

    with Fetcher(replace(settings, request_time=0.5, redirects=1_000)) as fetcher:
        assert failure(fetcher, serve(answer) + "/0").reason is Reason.TIMEOUT


def test_a_port_that_accepts_nobody(settings: Settings) -> None:
    with never_accepting("127.0.0.1") as port, Fetcher(replace(settings, connect_time=0.3)) as web:
        error = failure(web, f"http://127.0.0.1:{port}/")
    assert isinstance(error, UnreachableError)
    assert error.reason is Reason.TIMEOUT


def test_a_host_that_is_silent_in_the_handshake(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        with Fetcher(replace(settings, connect_time=0.4)) as fetcher:
            assert failure(fetcher, url).reason is Reason.TIMEOUT


# --- redirects -------------------------------------------------------------


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"]
)
def test_redirects_are_followed(serve: Serve, fetcher: Fetcher, status: str) -> None:
    paths = {f"/{n}": redirect(f"/{n + 1}", status) for n in range(5)} | {"/5": reply()}
    origin = serve(with_paths(paths))
    page = fetcher.fetch(f"{origin}/0", max_bytes=CAP)
    assert (page.url, page.final_url, page.body) == (f"{origin}/0", f"{origin}/5", PAGE)


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ((), None),
        ((301,), "/1"),
        ((301, 308), "/2"),
        ((301, 302), "/1"),
        ((308, 307, 301), "/1"),
        ((302, 301), None),
        ((303,), None),
    ],
)
def test_where_permanent_redirects_lead(
    serve: Serve, fetcher: Fetcher, statuses: tuple[int, ...], moved_to: str | None
) -> None:
    paths = {f"/{n}": redirect(f"/{n + 1}", f"{status} -") for n, status in enumerate(statuses)}
    origin = serve(with_paths(paths | {f"/{len(statuses)}": reply()}))
    page = fetcher.fetch(f"{origin}/0", max_bytes=CAP)
    assert page.moved_to == (origin + moved_to if moved_to else None)
    assert page.final_url == f"{origin}/{len(statuses)}"


def test_who_has_moved_and_has_nothing_new_has_moved(serve: Serve, fetcher: Fetcher) -> None:
    same = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    origin = serve(with_paths({"/0": redirect("/1", "301 Moved"), "/1": same}))
    page = fetcher.fetch(f"{origin}/0", max_bytes=CAP, validators=Validators(etag="1"))
    assert (page.status, page.moved_to) == (304, f"{origin}/1")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_redirect_to_where_nobody_listens(serve: Serve, fetcher: Fetcher, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    origin = serve(sending(redirect(f"{scheme}://127.0.0.1:{port}/")))
    assert failure(fetcher, origin).reason is Reason.UNREACHABLE


def test_a_location_in_raw_utf8_and_to_another_host(serve: Serve, fetcher: Fetcher) -> None:
    other = serve(with_paths({"/x%C9%99b%C9%99r": reply()}), "127.0.0.2")
    origin = serve(sending(redirect(f"{other}/xəbər#top")))
    page = fetcher.fetch(origin, max_bytes=CAP)
    assert (page.final_url, page.body) == (f"{other}/xəbər", PAGE)


def test_circles_and_endless_chains_end(serve: Serve, fetcher: Fetcher) -> None:
    asked: list[str] = []

    def answer(connection: socket.socket, head: str) -> bool:
        path = head.split()[1]
        asked.append(path)
        to = {"/self": "/self", "/fragment": "#top", "/a": "/b", "/b": "/a"}.get(path, path + "x")
        connection.sendall(redirect(to))
        return True

    origin = serve(answer)
    for path, requests in (("/self", 1), ("/fragment", 1), ("/a", 2), ("/", 11)):
        asked.clear()
        assert failure(fetcher, origin + path).reason is Reason.TOO_MANY_REDIRECTS
        assert len(asked) == requests


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("http://127.0.0.1:{port}/secret", Reason.PRIVATE_ADDRESS),
        ("http://2130706433:{port}/secret", Reason.PRIVATE_ADDRESS),
        ("http://0x7f.1:{port}/secret", Reason.PRIVATE_ADDRESS),
        ("http://127.1:{port}/secret", Reason.PRIVATE_ADDRESS),
        ("http://0:{port}/secret", Reason.PRIVATE_ADDRESS),
        ("http://[::ffff:127.0.0.1]:{port}/secret", Reason.PRIVATE_ADDRESS),
        ("http://[::1]:{port}/secret", Reason.PRIVATE_ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", Reason.PRIVATE_ADDRESS),
        ("file:///etc/passwd", Reason.BAD_SCHEME),
        ("ftp://127.0.0.1:{port}/secret", Reason.BAD_SCHEME),
        ("gopher://127.0.0.1:{port}/_secret", Reason.BAD_SCHEME),
        ("javascript:alert(1)", Reason.BAD_SCHEME),
        ("http://[broken/", Reason.BAD_REPLY),
        ("http://a b/", Reason.BAD_ADDRESS),
        ("http://127.0.0.2@127.0.0.1:{port}/secret", Reason.PRIVATE_ADDRESS),
        ("\\\\127.0.0.1:{port}\\secret", Reason.PRIVATE_ADDRESS),
        ("http://127.0.0.1\t:{port}/secret", Reason.PRIVATE_ADDRESS),
        ("http://127.0.0.2:0/", Reason.UNREACHABLE),
        ("/" + "x" * 9_000, Reason.BAD_REPLY),
    ],
)
def test_no_redirect_leads_inside(
    serve: Serve, settings: Settings, to: str, reason: Reason
) -> None:
    asked: list[str] = []

    def inside(connection: socket.socket, head: str) -> None:
        asked.append(head)
        connection.sendall(reply(b"secret"))

    port = serve(inside).rpartition(":")[2]
    outside = serve(sending(redirect(to.format(port=port))), "127.0.0.2")
    with Fetcher(replace(settings, allowed_networks=(ip_network("127.0.0.2/32"),))) as fetcher:
        assert failure(fetcher, outside).reason is reason
    assert asked == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", Reason.PRIVATE_ADDRESS),
        ("https://192.168.1.1/", Reason.PRIVATE_ADDRESS),
        ("file:///etc/passwd", Reason.BAD_SCHEME),
        ("mailto:desk@outlet.example", Reason.BAD_SCHEME),
        ("outlet.example/news", Reason.BAD_ADDRESS),
        ("", Reason.BAD_ADDRESS),
        ("http://", Reason.BAD_ADDRESS),
        ("http://[broken/", Reason.BAD_ADDRESS),
        ("http://a.example:99999/", Reason.BAD_ADDRESS),
        ("http://" + "a" * 300 + ".example/", Reason.DNS),
    ],
)
def test_what_is_refused_at_once(url: str, reason: Reason) -> None:
    with Fetcher(Settings()) as fetcher:
        error = failure(fetcher, url)
    assert error.reason is reason
    assert isinstance(error, UnreachableError if reason is Reason.DNS else RefusedError)


# --- names -----------------------------------------------------------------


class Resolver:
    """Stands in for `socket.getaddrinfo`: each answer once, the last for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [_found(address, port) for address in addresses]


def _found(address: str, port: int) -> tuple[Any, ...]:
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


def named(origin: str) -> str:
    return "http://outlet.example:" + origin.rpartition(":")[2]


def test_a_name_is_resolved_once_and_that_address_dialled(
    serve: Serve, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver = Resolver(["127.0.0.3"], ["127.0.0.1"])  # rebound after the first question
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    url = named(serve(with_paths({"/": reply()}), "127.0.0.3"))
    assert fetcher.fetch(f"{url}/", max_bytes=CAP).body == PAGE
    assert resolver.asked == ["outlet.example"]


def test_a_name_that_leads_inside_is_refused(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(connection: socket.socket, head: str) -> None:
        asked.append(head)

    monkeypatch.setattr(socket, "getaddrinfo", Resolver(["127.0.0.1", "10.0.0.1"]))
    url = named(serve(answer))
    with Fetcher(Settings()) as fetcher:
        error = failure(fetcher, url)
    assert (error.reason, error.detail) == (Reason.PRIVATE_ADDRESS, "10.0.0.1, 127.0.0.1")
    assert asked == []


def test_of_several_addresses_only_the_allowed_are_dialled(
    serve: Serve, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: list[object] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        dialled.append(address[0])
        real(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", Resolver(["10.0.0.1", "127.0.0.4", "127.0.0.5"]))
    monkeypatch.setattr(socket.socket, "connect", connect)
    url = named(serve(sending(reply()), "127.0.0.5"))
    with Fetcher(settings) as fetcher:
        assert fetcher.fetch(url, max_bytes=CAP).body == PAGE
    assert dialled == ["127.0.0.4", "127.0.0.5"]  # nobody listens on the first


@pytest.mark.parametrize("first", ["::1", "127.0.0.6"], ids=["IPv6 refused", "no answer"])
def test_an_address_that_cannot_be_reached_leaves_time_for_the_next(
    serve: Serve, settings: Settings, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    url = named(serve(sending(reply()), "127.0.0.7"))
    monkeypatch.setattr(socket, "getaddrinfo", Resolver([first, "127.0.0.7"]))
    networks = (*settings.allowed_networks, ip_network("::1"))
    brief = replace(settings, allowed_networks=networks, connect_time=0.8)
    with never_accepting("127.0.0.6", int(url.rpartition(":")[2])), Fetcher(brief) as fetcher:
        began = time.monotonic()
        assert fetcher.fetch(url, max_bytes=CAP).body == PAGE
    assert time.monotonic() - began < 0.8


@contextmanager
def never_accepting(address: str, port: int = 0) -> Iterator[int]:
    """Hold a port whose queue of connections is full, so that the next gets no answer."""
    with socket.create_server((address, port), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = []
        for _ in range(3):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex((address, port))
        time.sleep(0.05)
        yield port
        for one in waiting:
            one.close()


@pytest.fixture
def hung_resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A resolver that does not come back; gives the names that it is asked for."""
    asked: list[str] = []
    going = threading.Event()
    before = set(threading.enumerate())

    def resolve(host: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        going.wait()
        return []

    monkeypatch.setattr(resolving, "_LOOKUPS", threading.BoundedSemaphore(2))
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield asked
    going.set()
    for thread in set(threading.enumerate()) - before:
        thread.join()


def test_a_resolver_that_hangs_is_waited_for_no_longer_than_a_connection(
    settings: Settings, hung_resolver: list[str]
) -> None:
    began = time.monotonic()
    with Fetcher(replace(settings, connect_time=0.2)) as fetcher:
        for n in range(4):
            error = failure(fetcher, f"http://{n}.outlet.example/")
            assert isinstance(error, UnreachableError)
            assert (error.reason, "in time" in error.detail) == (Reason.DNS, True)
    assert time.monotonic() - began < 2
    assert len(hung_resolver) == 2  # the others found no thread free to ask in


@pytest.mark.parametrize("where", ["resolver", "connection", "reply"])
def test_closing_waits_for_nobody(
    serve: Serve, settings: Settings, request: pytest.FixtureRequest, where: str
) -> None:
    began = threading.Event()

    def silent(connection: socket.socket, head: str) -> None:
        began.set()
        connection.recv(1)

    with never_accepting("127.0.0.6") as full, ThreadPoolExecutor(1) as pool:
        urls = {
            "resolver": "http://outlet.example/",
            "connection": f"http://127.0.0.6:{full}/",
            "reply": serve(silent),
        }
        if where == "resolver":
            request.getfixturevalue("hung_resolver")
        fetcher = Fetcher(replace(settings, connect_time=20.0, request_time=20.0))
        fetching = pool.submit(failure, fetcher, urls[where])
        began.wait(0.2)
        closing = time.monotonic()
        fetcher.close()
        fetching.result()
        assert time.monotonic() - closing < 1


def test_an_unknown_name(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Resolver([]))
    error = failure(fetcher, "http://outlet.example/")
    assert isinstance(error, UnreachableError)
    assert (error.reason, "not known" in error.detail) == (Reason.DNS, True)


def test_a_name_may_be_dialled_elsewhere(serve: Serve, settings: Settings) -> None:
    heads: list[str] = []

    def answer(connection: socket.socket, head: str) -> None:
        heads.append(head)
        connection.sendall(reply())

    address, port = serve(answer).removeprefix("http://").split(":")
    elsewhere = replace(settings, connect_to={"outlet.example": (address, int(port))})
    with Fetcher(elsewhere) as fetcher:
        fetcher.fetch("http://Outlet.example/1", max_bytes=CAP)
    assert "Host: outlet.example\r\n" in heads[0]
    with Fetcher(replace(elsewhere, allowed_networks=())) as fetcher:
        assert failure(fetcher, "http://outlet.example/1").reason is Reason.PRIVATE_ADDRESS


# --- TLS -------------------------------------------------------------------


@pytest.fixture
def https(serve: Serve, certificate: Path) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return serve(with_paths({"/": reply()}), tls=context)


def test_a_certificate_that_nobody_signed_is_refused(https: str, fetcher: Fetcher) -> None:
    error = failure(fetcher, f"{https}/")
    assert isinstance(error, UnreachableError)
    assert (error.reason, "self-signed" in error.detail) == (Reason.TLS, True)


def test_a_trusted_certificate_must_be_for_the_name(
    https: str, settings: Settings, certificate: Path
) -> None:
    target = ("127.0.0.1", int(https.rpartition(":")[2]))
    names = replace(settings, connect_to={"outlet.example": target, "other.example": target})
    with Fetcher(names, ca_file=str(certificate)) as fetcher:
        assert fetcher.fetch("https://outlet.example/", max_bytes=CAP).body == PAGE
        assert failure(fetcher, "https://other.example/").reason is Reason.TLS


@pytest.mark.parametrize(
    ("sent", "resets", "reason"),
    [
        ((reply(b"", "400 Bad Request"),), False, Reason.UNREACHABLE),  # no TLS there
        ((b"",), True, Reason.UNREACHABLE),
        ((b"\x16\x03\x03\x40\x00", *[b"\x02"] * 100), False, Reason.TIMEOUT),  # a drip
    ],
    ids=["no TLS", "reset", "drip"],
)
def test_a_handshake_that_fails(
    settings: Settings, sent: tuple[bytes, ...], resets: bool, reason: Reason
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.recv(1_000)
                for piece in sent:
                    connection.sendall(piece)
                    time.sleep(0.05)
                if resets:
                    connection.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                    )

        thread = threading.Thread(target=answer)
        thread.start()
        began = time.monotonic()
        with Fetcher(replace(settings, connect_time=0.5)) as fetcher:
            error = failure(fetcher, f"https://127.0.0.1:{listener.getsockname()[1]}/")
        assert time.monotonic() - began < 2
        thread.join()
    assert isinstance(error, UnreachableError)
    assert error.reason is reason


def test_a_host_with_tls_asked_without(https: str, fetcher: Fetcher) -> None:
    error = failure(fetcher, https.replace("https:", "http:"))
    assert isinstance(error, UnreachableError)


# --- the manners of single hosts -------------------------------------------


def test_only_a_host_of_which_it_is_written_need_not_prove_who_it_is(
    serve: Serve, settings: Settings, certificate: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    heads: list[str] = []

    def answer(connection: socket.socket, head: str) -> bool:
        heads.append(head)
        connection.sendall(reply())
        return True

    other = serve(answer, "127.0.0.2", tls=context)
    paths = {"/": reply(), "/other": redirect(f"{other}/")}
    trusted = serve(with_paths(paths), tls=context)
    away = serve(with_paths({"/": redirect(f"{trusted}/")}), "127.0.0.3")
    with Fetcher(settings, manners={"127.0.0.1": Manners(verify_tls=False)}) as fetcher:
        assert fetcher.fetch(f"{trusted}/", max_bytes=CAP).body == PAGE
        assert fetcher.fetch(f"{away}/", max_bytes=CAP).body == PAGE
        assert failure(fetcher, f"{trusted}/other").reason is Reason.TLS
        assert failure(fetcher, f"{other}/").reason is Reason.TLS
        assert fetcher.fetch(f"{trusted}/", max_bytes=CAP).body == PAGE
    assert heads == []


def test_each_hop_is_told_the_name_that_is_meant_for_its_host(
    serve: Serve, settings: Settings
) -> None:
    names: list[str] = []

    def answer(connection: socket.socket, head: str) -> None:
        names.append(head.partition("User-Agent: ")[2].partition("\r\n")[0])
        to = {"127.0.0.1": second, "127.0.0.2": third}.get(connection.getsockname()[0])
        connection.sendall(redirect(f"{to}/") if to else reply())

    third = serve(answer, "127.0.0.3")
    second = serve(answer, "127.0.0.2")
    first = serve(answer)
    manners = {"127.0.0.2": Manners(user_agent="Mozilla/5.0"), "127.0.0.3": Manners(gap=1.0)}
    with Fetcher(replace(settings, user_agent="robot/1"), manners=manners) as fetcher:
        fetcher.fetch(first, max_bytes=CAP)
    assert names == ["robot/1", "Mozilla/5.0", "robot/1"]


# --- statuses and conditions -----------------------------------------------


def test_a_status_that_is_no_page(serve: Serve, fetcher: Fetcher) -> None:
    sent = reply(b"later", "503 Service Unavailable", "Retry-After: 120")
    error = failure(fetcher, serve(sending(sent)))
    assert isinstance(error, StatusError)
    assert (error.reason, error.status) == (Reason.SERVER_ERROR, 503)
    assert error.retry_at == NOON + timedelta(minutes=2)


def conditional(connection: socket.socket, head: str) -> bool:
    known = 'If-None-Match: "v1"' in head and "If-Modified-Since: Thu" in head
    connection.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\n" if known else reply())
    return True


def test_unchanged_is_told_without_a_body(serve: Serve, fetcher: Fetcher) -> None:
    known = Validators(etag='"v1"', last_modified="Thu, 31 Dec 2026 10:00:00 GMT")
    page = fetcher.fetch(serve(conditional), max_bytes=CAP, validators=known)
    assert (page.status, page.body) == (304, b"")


def test_validators_that_would_break_a_header_are_not_sent(serve: Serve, fetcher: Fetcher) -> None:
    hostile = Validators(etag='"v1"\r\nIf-Modified-Since: Thu', last_modified=" ")
    assert fetcher.fetch(serve(conditional), max_bytes=CAP, validators=hostile).status == 200


def test_304_without_a_condition_is_asked_again_past_the_caches(
    serve: Serve, fetcher: Fetcher
) -> None:
    def answer(connection: socket.socket, head: str) -> bool:
        plainly = "Cache-Control: no-cache" in head and head.startswith("GET /1 ")
        connection.sendall(reply() if plainly else b"HTTP/1.1 304 Not Modified\r\n\r\n")
        return True

    origin = serve(answer)
    assert fetcher.fetch(f"{origin}/1", max_bytes=CAP).body == PAGE
    error = failure(fetcher, f"{origin}/2")
    assert isinstance(error, StatusError)
    assert (error.reason, error.status) == (Reason.BAD_REPLY, 304)


def test_a_cookie_comes_back_to_its_origin_within_one_fetch_only(
    serve: Serve, fetcher: Fetcher
) -> None:
    heads: list[str] = []
    other = serve(with_paths({"/3": reply()}), "127.0.0.2")

    def answer(connection: socket.socket, head: str) -> bool:
        """Send whoever has no cookie here again, and then on, as many outlets do."""
        heads.append(head)
        to = f"{other}/3" if "\r\nCookie: id=1; lang=az\r\n" in head else "/1"
        cookies = ("Set-Cookie: id=1; Path=/; HttpOnly", "Set-Cookie: lang=az")
        connection.sendall(reply(b"", "302 Found", *cookies, f"Location: {to}"))
        return True

    origin = serve(answer)
    for _ in range(2):
        page = fetcher.fetch(f"{origin}/1", max_bytes=CAP)
        assert (page.body, page.final_url, page.moved_to) == (PAGE, f"{other}/3", None)
    assert ["Cookie:" in head for head in heads] == [False, True] * 2


def test_cookies_of_one_host_are_not_told_to_another(serve: Serve, fetcher: Fetcher) -> None:
    heads: list[str] = []

    def answer(connection: socket.socket, head: str) -> None:
        heads.append(head)
        connection.sendall(reply())

    other = serve(answer, "127.0.0.2")
    fetcher.fetch(
        serve(sending(reply(b"", "302 Found", "Set-Cookie: id=1", f"Location: {other}/"))),
        max_bytes=CAP,
    )
    assert "Cookie" not in heads[0]


def test_a_host_that_gives_another_cookie_each_time_is_left(serve: Serve, fetcher: Fetcher) -> None:
    asked: list[str] = []

    def answer(connection: socket.socket, head: str) -> bool:
        asked.append(head)
        connection.sendall(
            redirect("/").replace(b"\r\n\r\n", b"\r\nSet-Cookie: n=%d\r\n\r\n" % len(asked))
        )
        return True

    assert failure(fetcher, serve(answer) + "/").reason is Reason.TOO_MANY_REDIRECTS
    assert len(asked) == 11


# --- connections -----------------------------------------------------------


def test_one_connection_serves_pages_and_refusals(serve: Serve, fetcher: Fetcher) -> None:
    peers: list[object] = []

    def answer(connection: socket.socket, head: str) -> bool:
        peers.append(connection.getpeername())
        path = head.split()[1]
        sent = {
            "/gone": reply(bytes(30_000), "410 Gone"),
            "/odd": CHUNKED.replace(b"200", b"404") + b"5\r\nsorry\r\n0\r\n\r\n",
            "/old": redirect("/new"),
        }
        same = b"HTTP/1.1 304 Not Modified\r\n\r\n" if "If-None" in head else reply()
        connection.sendall(sent.get(path, same))
        return True

    origin = serve(answer)
    for path in ("/1", "/2", "/old"):
        fetcher.fetch(origin + path, max_bytes=CAP)
    fetcher.fetch(f"{origin}/1", max_bytes=CAP, validators=Validators(etag="1"))
    for path in ("/gone", "/odd"):
        failure(fetcher, origin + path)
    fetcher.fetch(f"{origin}/1", max_bytes=CAP)
    assert (len(peers), len(set(peers))) == (8, 1)


@pytest.mark.parametrize(
    "odd",
    [
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n" + reply(b"for nobody"),
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + reply(b"for nobody"),
        b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n" + reply(b"for nobody"),
        reply(b"") + reply(b"for nobody"),
        reply(b"no", "404 Not Found") + reply(b"for nobody"),
        CHUNKED + ONE_CHUNK + reply(b"for nobody"),
        redirect("/1") + reply(b"for nobody"),
        HINTS + reply(b"late"),
    ],
    ids=itertools.count(),
)
@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_left_of_one_reply_is_no_reply_to_the_next_request(
    serve: Serve, fetcher: Fetcher, odd: bytes, *, at_once: bool
) -> None:
    end = len(odd) if at_once else odd.index(b"\r\n\r\n") + 4

    def answer(connection: socket.socket, head: str) -> bool:
        if "GET /1 " in head:
            connection.sendall(reply())
        else:
            connection.sendall(odd[:end])
            time.sleep(0.02)
            connection.sendall(odd[end:])
        return True

    origin = serve(answer)
    with suppress(FetchError):
        fetcher.fetch(f"{origin}/odd", max_bytes=CAP)
    time.sleep(0.04)
    assert fetcher.fetch(f"{origin}/1", max_bytes=CAP).body == PAGE


def test_rubbish_on_a_kept_connection_is_not_the_next_page(serve: Serve, fetcher: Fetcher) -> None:
    heads: list[str] = []

    def answer(connection: socket.socket, head: str) -> bool:
        heads.append(head)
        connection.sendall(b"</html>" + reply() if len(heads) == 2 else reply())
        return True

    origin = serve(answer)
    for _ in range(2):
        assert fetcher.fetch(origin, max_bytes=CAP).body == PAGE
    assert len(heads) == 3


def test_a_connection_closed_under_us_is_replaced_once(serve: Serve, fetcher: Fetcher) -> None:
    heads: list[str] = []

    def answer(connection: socket.socket, head: str) -> bool:
        """Serve one request per connection, and hang up on the second as if idle too long."""
        heads.append(head)
        if len(heads) in {2, 5, 6}:
            return False
        connection.sendall(reply())
        return True

    origin = serve(answer)
    for _ in range(3):
        assert fetcher.fetch(origin, max_bytes=CAP).body == PAGE
    assert len(heads) == 4
    assert failure(fetcher, origin).reason is Reason.UNREACHABLE  # twice is no accident
    assert len(heads) == 6


def test_a_new_connection_that_is_closed_is_not_tried_again(
    serve: Serve, settings: Settings, certificate: Path
) -> None:
    heads: list[str] = []

    def hang_up(connection: socket.socket, head: str) -> None:
        heads.append(head)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    manners = {"127.0.0.1": Manners(verify_tls=False)}
    with Fetcher(settings, manners=manners) as fetcher:
        for tls in (context, None):
            assert failure(fetcher, serve(hang_up, tls=tls)).reason is Reason.UNREACHABLE
    assert len(heads) == 2


def test_threads_get_their_own_pages(serve: Serve, fetcher: Fetcher) -> None:
    def answer(connection: socket.socket, head: str) -> bool:
        connection.sendall(reply(head.split()[1].encode()))
        return True

    origins = [serve(answer, f"127.0.0.{n}") for n in (1, 2, 3)]
    urls = [f"{origins[n % 3]}/{n}" for n in range(60)]
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda url: fetcher.fetch(url, max_bytes=CAP), urls))
    assert [page.body.decode() for page in pages] == [f"/{n}" for n in range(60)]


def test_fetching_starts_no_thread(serve: Serve, fetcher: Fetcher) -> None:
    origin = serve(with_paths({"/": reply()}))
    fetcher.fetch(f"{origin}/", max_bytes=CAP)
    before = threading.active_count()
    fetcher.fetch(f"{origin}/", max_bytes=CAP)
    assert threading.active_count() == before


# --- the start of a long body ----------------------------------------------


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_the_start_is_enough_where_a_start_is_asked(
    serve: Serve, fetcher: Fetcher, coding: str
) -> None:
    text = b"".join(b"Disallow: /%d\n" % n for n in range(50_000))
    sent = gzip.compress(text) if coding == "gzip" else text
    origin = serve(with_paths({"/": reply(sent, "200 OK", f"Content-Encoding: {coding}")}))
    for most in (1_000, 200_000):  # less than was sent; less than it decompresses to
        page = fetcher.fetch_start(f"{origin}/", max_bytes=most, accept="text/plain", redirects=5)
        assert text.startswith(page.body)
        assert 0 < len(page.body) <= most
