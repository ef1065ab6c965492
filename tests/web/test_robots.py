import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import FetchError, RefusedError, StatusError, UnreachableError
from pipeline.model import Reason, RobotsFile
from pipeline.settings import Settings
from pipeline.web.fetcher import Fetcher
from pipeline.web.robots import KEPT_FOR, STANDS_IN_FOR, Robots

Serve = Callable[..., str]
NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def robots(settings: Settings) -> Iterator[Robots]:
    with Fetcher(settings) as fetcher:
        yield Robots(
            fetcher, replace(settings, user_agent="outlet-reader/2.0 (+https://a.example)")
        )


def host(
    body: str | bytes = "", status: str = "200 OK", *headers: str
) -> Callable[[socket.socket, str], None]:
    """Return a host with this robots.txt and nothing else."""
    sent = body if isinstance(body, bytes) else body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(sent)}", *headers]

    def answer(connection: socket.socket, head: str) -> None:
        assert head.startswith("GET /robots.txt ")
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + sent)

    return answer


def allowed(robots: Robots, url: str) -> bool:
    try:
        robots.check(url)
    except RefusedError as error:
        if error.reason is not Reason.ROBOTS:
            raise
        return False
    return True


@pytest.mark.parametrize(
    ("rules", "open_paths", "closed_paths"),
    [
        ("", ["/", "/a"], []),
        ("User-agent: *\nDisallow:\n", ["/", "/a"], []),
        ("User-agent: *\nDisallow: /\n", ["/robots.txt"], ["/", "/a"]),
        ("user-agent: *\r\ndisallow: /a\r\n", ["/", "/b"], ["/a", "/abc", "/a/b"]),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b\n", ["/a/b/c"], ["/a/c"]),  # longest wins
        ("User-agent: *\nDisallow: /*.pdf$\n", ["/a.pdf?x"], ["/b/a.pdf"]),
        ("User-agent: *\nDisallow: /*?print=\n", ["/a"], ["/a?print=1"]),
        ("User-agent: *\nDisallow: /xəbər\n", ["/a"], ["/x%C9%99b%C9%99r/1"]),
        # Our own group replaces that for all; case and version do not matter.
        ("User-agent: *\nDisallow: /\n\nUser-agent: Outlet-Reader\nAllow: /\n", ["/a"], []),
        ("User-agent: outlet-reader/9\nDisallow: /\n\nUser-agent: *\nAllow: /\n", [], ["/a"]),
        ("User-agent: x\nUser-agent: outlet-reader\nDisallow: /a\n", ["/b"], ["/a"]),
        ("User-agent: outlet-reader\nUser-agent: x\nDisallow: /a\n", ["/b"], ["/a"]),
        # Groups for others, with like names too, are not ours.
        ("User-agent: GPTBot\nDisallow: /\n", ["/a"], []),
        ("User-agent: outlet\nDisallow: /\n", ["/a"], []),
        ("User-agent: outlet-reader-news\nDisallow: /\n", ["/a"], []),
        ("User-agent: *\nDisallow: /a\nUser-agent: GPTBot\nDisallow: /b\n", ["/b"], ["/a"]),
        # As people write it.
        ("\ufeffUser-agent: *\nDisallow: /a\n", ["/b"], ["/a"]),
        ("# all\n\n  User-Agent : * # yes\n  Disallow : /a # no\n", ["/b"], ["/a"]),
        ("Useragent *\nDisalow: /a\n", ["/b"], ["/a"]),
        ("Disallow: /\n", ["/a"], []),  # for nobody
        ("<!DOCTYPE html>\n<pre>\nUser-agent: *\nDisallow: /\n</pre>", ["/a"], []),
    ],
)
def test_the_rules(
    serve: Serve, robots: Robots, rules: str, open_paths: list[str], closed_paths: list[str]
) -> None:
    origin = serve(host(rules))
    assert [path for path in open_paths if not allowed(robots, origin + path)] == []
    assert [path for path in closed_paths if allowed(robots, origin + path)] == []


@pytest.mark.parametrize("kind", ["text/plain", "text/html; charset=utf-8"])
def test_plain_rules_count_whatever_their_type(serve: Serve, robots: Robots, kind: str) -> None:
    origin = serve(host("User-agent: *\nDisallow: /\n", "200 OK", f"Content-Type: {kind}"))
    assert not allowed(robots, f"{origin}/a")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("404 Not Found", True),
        ("410 Gone", True),
        ("400 Bad Request", True),
        ("204 No Content", True),
        ("401 Unauthorized", False),
        ("403 Forbidden", False),
    ],
)
def test_without_rules(serve: Serve, robots: Robots, status: str, *, expected: bool) -> None:
    origin = serve(host("User-agent: *\nDisallow: /\n", status))
    assert allowed(robots, f"{origin}/a") is expected


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("429 Too Many Requests", Reason.RATE_LIMITED),
        ("500 Internal Server Error", Reason.SERVER_ERROR),
        ("503 Service Unavailable", Reason.SERVER_ERROR),
    ],
)
def test_rules_that_cannot_be_had_close_the_host_for_their_reason(
    serve: Serve, robots: Robots, status: str, reason: Reason
) -> None:
    url = serve(host("", status, "Retry-After: 60")) + "/a"
    with pytest.raises(StatusError) as caught:
        robots.check(url)
    assert (caught.value.url, caught.value.reason) == (url, reason)
    assert caught.value.detail.startswith("robots.txt: ")
    assert caught.value.retry_at is not None
    assert robots.crawl_delay(url) is None


def test_a_host_that_does_not_answer_is_unreachable_not_forbidding(robots: Robots) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/a"
    with pytest.raises(UnreachableError) as caught:
        robots.check(url)
    assert (caught.value.url, caught.value.reason) == (url, Reason.UNREACHABLE)


@pytest.mark.parametrize("url", ["http://10.0.0.1/a", "file:///etc/passwd", "http://[broken/"])
def test_what_must_not_be_asked_is_refused_here_too(robots: Robots, url: str) -> None:
    with pytest.raises(RefusedError) as caught:
        robots.check(url)
    assert caught.value.reason in {Reason.PRIVATE_ADDRESS, Reason.BAD_SCHEME, Reason.BAD_ADDRESS}


@pytest.mark.parametrize(("hops", "expected"), [(5, False), (6, True)])
def test_five_redirects_are_followed_and_the_result_is_for_the_asked_host(
    serve: Serve, robots: Robots, hops: int, *, expected: bool
) -> None:
    last = serve(host("User-agent: *\nDisallow: /a\n"), "127.0.0.2")

    def answer(connection: socket.socket, head: str) -> None:
        number = int(head.split()[1].removeprefix("/robots.txt") or 0) + 1
        to = f"{last}/robots.txt" if number == hops else f"/robots.txt{number}"
        connection.sendall(f"HTTP/1.1 301 Moved\r\nLocation: {to}\r\n\r\n".encode())

    assert allowed(robots, serve(answer) + "/a") is expected


def test_of_a_long_file_the_first_half_megabyte_counts(serve: Serve, robots: Robots) -> None:
    filler = "# filler\n" * 56_000  # 504 kB
    origin = serve(host(f"User-agent: *\nDisallow: /a\n{filler}{filler}Disallow: /b\n"))
    assert not allowed(robots, f"{origin}/a")
    assert allowed(robots, f"{origin}/b")


def test_a_rule_that_the_limit_cuts_in_two_is_no_rule(serve: Serve, settings: Settings) -> None:
    rules = "User-agent: *\nDisallow: /a\nDisallow: /b\n"
    origin = serve(host(rules))
    short = replace(settings, robots_bytes=len(rules) - 2)  # which leaves “Disallow: /”
    with Fetcher(short) as fetcher:
        robots = Robots(fetcher, short)
        assert not allowed(robots, f"{origin}/a")
        assert allowed(robots, f"{origin}/c")


def test_half_a_megabyte_of_robots_and_rules_is_read_in_passing(
    serve: Serve, robots: Robots
) -> None:
    names = "".join(f"User-agent: robot{n}\n" for n in range(10_000))
    rules = "".join(f"Disallow: /{n}*a*a*a*a*a*b\n" for n in range(10_000))
    origin = serve(host(f"{names}User-agent: *\n{rules}"))  # 10,000 × 10,000 if taken literally
    assert not allowed(robots, f"{origin}/7{'a' * 2_000}b")


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2\n", 2.0),
        ("User-agent: *\nCrawl-delay: 0.5\nDisallow: /a\n", 0.5),
        ("User-agent: GPTBot\nCrawl-delay: 9\n", None),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: outlet-reader\nCrawl-delay: 1\n", 1.0),
        ("User-agent: *\nCrawl-delay: -3\n", None),
        ("User-agent: *\nCrawl-delay: inf\n", None),
        ("User-agent: *\nCrawl-delay: soon\n", None),
        ("", None),
    ],
)
def test_the_crawl_delay(serve: Serve, robots: Robots, rules: str, delay: float | None) -> None:
    assert robots.crawl_delay(serve(host(rules)) + "/a") == delay


def test_each_authority_is_asked_once_by_all_threads(serve: Serve, robots: Robots) -> None:
    asked: list[str] = []
    lock = threading.Lock()

    def answer_as(name: str, rules: str) -> Callable[[socket.socket, str], None]:
        def answer(connection: socket.socket, head: str) -> None:
            with lock:
                asked.append(name)
            host(rules)(connection, head)

        return answer

    closed = serve(answer_as("closed", "User-agent: *\nDisallow: /\n"))
    other_port = serve(answer_as("open", ""))
    failing = serve(host("", "503 Unavailable"))

    def ask(url: str) -> bool:
        try:
            robots.check(url)
        except FetchError:
            return False
        return True

    urls = [f"{origin}/{n}" for n in range(20) for origin in (closed, other_port, failing)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, urls))
    assert answers == [False, True, False] * 20
    assert sorted(asked) == ["closed", "open"]


# --- kept between runs -----------------------------------------------------


class Shelf:
    """Keeps robots.txt files, and knows which were put on it."""

    def __init__(self, *kept: RobotsFile) -> None:
        self.kept = {file.authority: file for file in kept}
        self.noted: list[RobotsFile] = []
        self.threads: set[int] = set()

    def note(self, file: RobotsFile) -> None:
        self.threads.add(threading.get_ident())
        self.noted.append(file)


@pytest.fixture
def robots_with(settings: Settings) -> Iterator[Callable[[Shelf], Robots]]:
    with Fetcher(settings) as fetcher:
        yield lambda shelf: Robots(
            fetcher, settings, clock=lambda: NOON, recall=shelf.kept.get, note=shelf.note
        )


CLOSED = b"User-agent: *\nDisallow: /\nCrawl-delay: 3\n"
RobotsWith = Callable[[Shelf], Robots]


@pytest.mark.parametrize(
    ("status", "body"),
    [("200 OK", CLOSED), ("404 Not Found", b""), ("410 Gone", b""), ("200 OK", b"")],
)
def test_what_was_read_is_noted_and_used_by_the_next_run(
    serve: Serve, robots_with: RobotsWith, status: str, body: bytes
) -> None:
    origin = serve(host(body, status))
    shelf = Shelf()
    first = robots_with(shelf)
    answers = [allowed(first, f"{origin}/{n}") for n in range(3)]
    assert shelf.noted == [RobotsFile(origin, NOON, body)]
    assert shelf.threads == {threading.get_ident()}

    def never(connection: socket.socket, head: str) -> None:
        raise AssertionError(head)

    other = serve(never, "127.0.0.2")
    second_shelf = Shelf(RobotsFile(other, NOON - KEPT_FOR + SECOND, body))
    second = robots_with(second_shelf)
    assert [allowed(second, f"{other}/{n}") for n in range(3)] == answers
    assert second.crawl_delay(f"{other}/") == first.crawl_delay(f"{origin}/")
    assert second_shelf.noted == []


@pytest.mark.parametrize("age", [KEPT_FOR, STANDS_IN_FOR * 9, -SECOND])
def test_an_old_file_or_one_from_the_future_is_asked_for_again(
    serve: Serve, robots_with: RobotsWith, age: timedelta
) -> None:
    origin = serve(host("User-agent: *\nDisallow: /a\n"))
    shelf = Shelf(RobotsFile(origin, NOON - age, CLOSED))
    robots = robots_with(shelf)
    assert (allowed(robots, f"{origin}/a"), allowed(robots, f"{origin}/b")) == (False, True)
    assert [file.fetched_at for file in shelf.noted] == [NOON]


@pytest.mark.parametrize(
    ("status", "age", "stands_in"),
    [
        ("503 Unavailable", KEPT_FOR, True),
        ("503 Unavailable", STANDS_IN_FOR - SECOND, True),
        ("503 Unavailable", STANDS_IN_FOR, False),
        ("503 Unavailable", -SECOND, False),
        ("429 Too Many Requests", KEPT_FOR, True),
        ("", KEPT_FOR, True),  # no reply
        ("403 Forbidden", KEPT_FOR, False),  # which is a reply, and a no
    ],
)
def test_a_copy_stands_in_for_rules_that_cannot_be_had_now(
    serve: Serve, robots_with: RobotsWith, status: str, age: timedelta, *, stands_in: bool
) -> None:
    asked: list[str] = []

    def answer(connection: socket.socket, head: str) -> None:
        asked.append(head)
        if status:
            host("", status)(connection, head)

    origin = serve(answer)
    open_rules = b"User-agent: *\nDisallow: /a\n"
    shelf = Shelf(RobotsFile(origin, NOON - age, open_rules))
    robots = robots_with(shelf)
    if stands_in:
        assert (allowed(robots, f"{origin}/a"), allowed(robots, f"{origin}/b")) == (False, True)
        assert len(asked) == 1
    else:
        with pytest.raises(FetchError):
            robots.check(f"{origin}/b")
    assert shelf.noted == []


def test_only_what_counts_of_a_long_file_is_noted(serve: Serve, settings: Settings) -> None:
    origin = serve(host("User-agent: *\nDisallow: /a\nDisallow: /b\n"))
    short = replace(settings, robots_bytes=30)
    shelf = Shelf()
    with Fetcher(short) as fetcher:
        Robots(fetcher, short, clock=lambda: NOON, note=shelf.note).check(f"{origin}/b")
    assert [file.body for file in shelf.noted] == [b"User-agent: *\nDisallow: /a"]


def test_a_host_that_stumbles_is_asked_again_but_not_for_each_page(
    serve: Serve, robots: Robots
) -> None:
    replies = [host("", "503 Unavailable"), host("User-agent: *\nDisallow: /a\n")]

    def stumble(connection: socket.socket, head: str) -> None:
        replies.pop(0)(connection, head)

    origin = serve(stumble)
    with pytest.raises(StatusError):
        robots.check(f"{origin}/b")
    assert (allowed(robots, f"{origin}/a"), allowed(robots, f"{origin}/b")) == (False, True)
    asked: list[str] = []

    def down(connection: socket.socket, head: str) -> None:
        asked.append(head)
        host("", "503 Unavailable")(connection, head)

    origin = serve(down)
    for n in range(20):
        with pytest.raises(StatusError):
            robots.check(f"{origin}/{n}")
    assert len(asked) == 3
