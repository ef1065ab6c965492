"""Asking politely: rests are given, and silence is not waited for."""

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import ClassVar

import pytest

from pipeline.errors import FetchError, PostponedError, StatusError, UnreachableError
from pipeline.model import Reason, RobotsFile
from pipeline.settings import Settings
from pipeline.web.asking import LONG_PAUSES, LONGEST_REST, SILENCES, UNNAMED_PAUSE, Asker
from pipeline.web.manners import Manners
from pipeline.web.pacing import StoppedError

NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)
SETTINGS = Settings(gap=0.0, request_time=0.3, allowed_networks=(ip_network("127.0.0.0/8"),))


class _Host(BaseHTTPRequestHandler):
    """A host whose replies are a table: path → status, headers, body."""

    replies: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}
    first: ClassVar[dict[str, list[tuple[int, dict[str, str], bytes]]]] = {}
    asked: ClassVar[list[str]] = []
    names: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.names.append(self.headers["User-Agent"])
        before = self.first.get(self.path)
        reply = before.pop(0) if before else self.replies.get(self.path, (404, {}, b""))
        status, headers, body = reply
        if status == 0:
            time.sleep(1.0)  # longer than anybody waits
            return
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def origin() -> Iterator[str]:
    _Host.replies = {"/a": (200, {}, b"a"), "/b": (200, {}, b"b"), "/silent": (0, {}, b"")}
    _Host.asked, _Host.names, _Host.first = [], [], {}
    with ThreadingHTTPServer(("0.0.0.0", 0), _Host) as server:  # noqa: S104 - all of loopback
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def asker() -> Iterator[Asker]:
    made = Asker(SETTINGS, clock=lambda: NOW)
    yield made
    made.stop()


def test_the_rules_are_asked_for_once_and_first(origin: str, asker: Asker) -> None:
    for path in ("/a", "/b", "/a"):
        asker.ask(origin + path, max_bytes=9)
    assert _Host.asked == ["/robots.txt", "/a", "/b", "/a"]


def test_what_robots_may_not_read_is_not_asked_for_unless_it_is_a_feed(
    origin: str, asker: Asker
) -> None:
    _Host.replies["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /a\n")
    with pytest.raises(FetchError) as caught:
        asker.ask(f"{origin}/a", max_bytes=9)
    assert caught.value.reason is Reason.ROBOTS
    assert asker.ask(f"{origin}/a", max_bytes=9, obey=False).body == b"a"
    assert _Host.asked == ["/robots.txt", "/a"]


def test_a_redirect_is_followed_only_where_robots_may_go(origin: str, asker: Asker) -> None:
    _Host.replies["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /a\n")
    _Host.replies["/to-a"] = (302, {"Location": "/a"}, b"")
    with pytest.raises(FetchError) as caught:
        asker.ask(f"{origin}/to-a", max_bytes=9)
    assert caught.value.reason is Reason.ROBOTS
    assert "/a" not in _Host.asked


@pytest.mark.parametrize("delay", ["3600", "99999999999", "1e30"])
def test_a_long_crawl_delay_lets_one_page_through(origin: str, asker: Asker, delay: str) -> None:
    _Host.replies["/robots.txt"] = (200, {}, f"User-agent: *\nCrawl-delay: {delay}\n".encode())
    assert asker.ask(f"{origin}/a", max_bytes=9).body == b"a"
    with pytest.raises(PostponedError) as caught:
        asker.ask(f"{origin}/b", max_bytes=9)
    assert caught.value.reason is Reason.RATE_LIMITED
    rest = timedelta(seconds=min(float(delay), LONGEST_REST))
    assert abs(caught.value.retry_at - NOW - rest) < timedelta(seconds=5)


def test_a_long_crawl_delay_does_not_part_a_page_from_its_redirect(
    origin: str, asker: Asker
) -> None:
    _Host.replies["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 3600\n")
    _Host.replies["/to-a"] = (301, {"Location": "/a"}, b"")
    assert asker.ask(f"{origin}/to-a", max_bytes=9).body == b"a"
    with pytest.raises(PostponedError):
        asker.ask(f"{origin}/b", max_bytes=9)


def test_rules_that_lie_on_a_resting_host_are_not_waited_for(origin: str, asker: Asker) -> None:
    elsewhere = origin.replace("127.0.0.1", "127.0.0.2")
    _Host.replies["/busy"] = (429, {"Retry-After": "7200"}, b"")
    for _ in range(LONG_PAUSES):
        with pytest.raises(StatusError):
            asker.ask(f"{elsewhere}/busy", max_bytes=9)
    _Host.replies["/robots.txt"] = (301, {"Location": f"{elsewhere}/robots.txt"}, b"")
    with pytest.raises(PostponedError) as caught:
        asker.ask(f"{origin}/a", max_bytes=9)
    assert (caught.value.url, caught.value.reason) == (f"{origin}/a", Reason.RATE_LIMITED)


def test_a_short_crawl_delay_is_kept(origin: str, asker: Asker) -> None:
    _Host.replies["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 0.3\n")
    began = time.monotonic()
    for path in ("/a", "/b", "/a"):
        asker.ask(origin + path, max_bytes=9)
    assert time.monotonic() - began >= 0.6


@pytest.mark.parametrize(
    ("written", "delay", "gap"),
    [
        (0.0, None, 0.0),  # shorter than that of the settings
        (0.3, None, 0.3),
        (0.1, 0.3, 0.3),  # a crawl-delay wins if it is longer
        (0.3, 0.1, 0.3),
        (None, None, 0.2),
    ],
)
def test_the_gap_that_is_written_of_a_host(
    origin: str, written: float | None, delay: float | None, gap: float
) -> None:
    if delay:
        _Host.replies["/robots.txt"] = (200, {}, f"User-agent: *\nCrawl-delay: {delay}\n".encode())
    asker = Asker(
        replace(SETTINGS, gap=0.2), clock=lambda: NOW, manners={"127.0.0.1": Manners(gap=written)}
    )
    began = time.monotonic()
    for path in ("/a", "/b"):
        asker.ask(origin + path, max_bytes=9)
    asker.stop()
    first = written if written is not None else 0.2  # between robots.txt and the first page
    first = max(first, delay or 0.0)
    assert first + gap <= time.monotonic() - began < first + gap + 0.15


def test_robots_is_judged_by_our_own_name_whatever_name_a_host_is_told(origin: str) -> None:
    rules = b"User-agent: robot\nDisallow: /a\n\nUser-agent: *\nAllow: /\n"
    _Host.replies["/robots.txt"] = (200, {}, rules)
    settings = replace(SETTINGS, user_agent="robot/1 (+https://a.example)")
    told = {"127.0.0.1": Manners(user_agent="Mozilla/5.0")}
    asker = Asker(settings, clock=lambda: NOW, manners=told)
    assert asker.ask(f"{origin}/b", max_bytes=9).body == b"b"
    with pytest.raises(FetchError) as caught:
        asker.ask(f"{origin}/a", max_bytes=9)
    asker.stop()
    assert caught.value.reason is Reason.ROBOTS
    assert _Host.names == ["Mozilla/5.0"] * 2


def test_the_rules_are_kept_for_the_next_run(origin: str) -> None:
    kept: dict[str, RobotsFile] = {}
    for _ in range(2):
        asker = Asker(
            SETTINGS,
            clock=lambda: NOW,
            recall=kept.get,
            note=lambda file: kept.update({file.authority: file}),
        )
        asker.ask(f"{origin}/a", max_bytes=9)
        asker.stop()
    assert _Host.asked == ["/robots.txt", "/a", "/a"]
    assert kept == {origin: RobotsFile(origin, NOW, b"")}


def test_a_stumble_over_the_rules_costs_no_page(origin: str, asker: Asker) -> None:
    _Host.first = {"/robots.txt": [(503, {}, b"")]}
    assert asker.ask(f"{origin}/a", max_bytes=9).body == b"a"
    assert _Host.asked == ["/robots.txt", "/robots.txt", "/a"]


def test_one_page_that_asks_for_a_long_pause_holds_up_no_other(origin: str, asker: Asker) -> None:
    _Host.replies["/busy"] = (429, {"Retry-After": "7200"}, b"")
    with pytest.raises(StatusError) as caught:
        asker.ask(f"{origin}/busy", max_bytes=9)
    assert caught.value.retry_at == NOW + timedelta(hours=2)
    assert asker.ask(f"{origin}/a", max_bytes=9).body == b"a"


def test_a_host_that_asks_for_a_pause_twice_is_given_it(origin: str, asker: Asker) -> None:
    _Host.replies["/busy"] = (429, {"Retry-After": "7200"}, b"")
    for _ in range(LONG_PAUSES):
        with pytest.raises(StatusError):
            asker.ask(f"{origin}/busy", max_bytes=9)
    with pytest.raises(PostponedError) as postponed:
        asker.ask(f"{origin}/a", max_bytes=9)
    assert abs(postponed.value.retry_at - NOW - timedelta(hours=2)) < timedelta(seconds=5)
    assert "/a" not in _Host.asked


def test_slow_down_without_a_time_is_a_pause_of_a_minute(origin: str, asker: Asker) -> None:
    _Host.replies["/busy"] = (429, {}, b"")
    for _ in range(LONG_PAUSES):
        with pytest.raises(StatusError) as caught:
            asker.ask(f"{origin}/busy", max_bytes=9)
        assert caught.value.retry_at is None
    with pytest.raises(PostponedError) as postponed:
        asker.ask(f"{origin}/a", max_bytes=9)
    assert abs(postponed.value.retry_at - NOW - UNNAMED_PAUSE) < timedelta(seconds=5)


@pytest.mark.parametrize("at_fault", ["silent", "busy"])
def test_no_host_is_blamed_for_another_to_which_it_leads(
    origin: str, asker: Asker, at_fault: str
) -> None:
    elsewhere = origin.replace("127.0.0.1", "127.0.0.2")
    _Host.replies["/busy"] = (429, {"Retry-After": "7200"}, b"")
    _Host.replies["/away"] = (302, {"Location": f"{elsewhere}/{at_fault}"}, b"")
    for _ in range(2):
        with pytest.raises((StatusError, UnreachableError)):
            asker.ask(f"{origin}/away", max_bytes=9)
    assert asker.ask(f"{origin}/a", max_bytes=9).body == b"a"
    with pytest.raises(PostponedError):
        asker.ask(f"{elsewhere}/a", max_bytes=9)
    with pytest.raises(PostponedError):
        asker.ask(f"{origin}/away", max_bytes=9)


def test_a_silent_host_is_not_waited_for_again_and_again(origin: str, asker: Asker) -> None:
    began = time.monotonic()
    reasons = []
    for _ in range(20):
        with pytest.raises(FetchError) as caught:
            asker.ask(f"{origin}/silent", max_bytes=9)
        reasons.append((type(caught.value), caught.value.reason))
    assert reasons[:SILENCES] == [(UnreachableError, Reason.TIMEOUT)] * SILENCES
    assert set(reasons[SILENCES:]) == {(PostponedError, Reason.UNREACHABLE)}
    assert time.monotonic() - began < 20 * SETTINGS.request_time


def test_one_silence_between_answers_is_forgiven(origin: str, asker: Asker) -> None:
    for path in itertools.islice(itertools.cycle(("/silent", "/a")), 8):
        if path == "/a":
            assert asker.ask(origin + path, max_bytes=9).body == b"a"
        else:
            with pytest.raises(UnreachableError):
                asker.ask(origin + path, max_bytes=9)


def test_a_host_that_stumbles_is_asked_once_more(origin: str, asker: Asker) -> None:
    _Host.first = {"/a": [(408, {}, b""), (503, {"Retry-After": "1"}, b"")]}
    assert asker.ask(f"{origin}/a", max_bytes=9).body == b"a"
    assert _Host.asked == ["/robots.txt", "/a", "/a", "/a"]


@pytest.mark.parametrize("status", [404, 410, 403])
def test_a_plain_no_is_a_no(origin: str, asker: Asker, status: int) -> None:
    _Host.replies["/no"] = (status, {}, b"")
    with pytest.raises(StatusError):
        asker.ask(f"{origin}/no", max_bytes=9)
    assert _Host.asked == ["/robots.txt", "/no"]


def test_stopping_waits_for_no_reply(origin: str) -> None:
    asker = Asker(replace(SETTINGS, request_time=30.0), clock=lambda: NOW)
    asker.ask(f"{origin}/a", max_bytes=9)
    ended: list[BaseException] = []

    def ask() -> None:
        try:
            asker.ask(f"{origin}/silent", max_bytes=9)
        except (FetchError, StoppedError) as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while "/silent" not in _Host.asked:
        time.sleep(0.01)
    began = time.monotonic()
    asker.stop()
    thread.join()
    assert time.monotonic() - began < 0.5
    assert len(ended) == 1
