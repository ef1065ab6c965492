"""When feeds are asked, and what is held against whom."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread

import pytest

from pipeline.model import Outcome
from pipeline.store import figures
from pipeline.store.tables import address, feed, poll, robots, run, sighting
from tests.jobs.press import Answer, Press, item, words
from tests.jobs.press import article as page_of
from tests.jobs.press import feed as feed_of

#: What is asked of the database here, `tests/store` asks of PostgreSQL too.
DATABASES = ("sqlite",)

HOUR = timedelta(hours=1)


def sources(*names: str, more: str = "") -> str:
    """Outlets of these names, each with a feed."""
    return "".join(
        f"""
  - {{id: {name}, name: {name}, publisher: private, languages: [en], time_zone: UTC, keep: all,
     {more} feeds: [{{url: "http://{name}.example/feed"}}]}}
"""
        for name in names
    )


def items(*numbers: int) -> str:
    """A feed with articles of these numbers."""
    return feed_of(*(item(f"http://a.example/{n}000", f"Title {n}") for n in numbers))


def with_pages(press: Press, *numbers: int) -> None:
    """Let there be a page for each number."""
    for n in numbers:
        press.answers[f"a.example/{n}000"] = page_of(f"Title {n}", words(f"w{n}"))


def test_only_what_is_due_is_asked(press: Press) -> None:
    press.read(sources("a"))
    press.answers["a.example/feed"] = items()
    assert press.collect(only_due=True).feeds_polled == 1
    later = press.collect(after=HOUR / 2, only_due=True)
    assert (later.feeds_polled, later.feeds_resting) == (0, 1)
    assert press.collect().feeds_polled == 1, "by hand, all are asked"
    assert press.collect(after=2 * HOUR, only_due=True).feeds_polled == 1


def test_a_busy_feed_is_asked_more_often_and_a_quiet_one_less(press: Press) -> None:
    press.read(sources("a"))
    numbers = [*range(1, 5)]
    with_pages(press, *range(1, 9))
    spans = []
    for _ in range(3):
        press.answers["a.example/feed"] = items(*numbers)
        press.collect(after=HOUR)
        spans += [span for (span,) in press.rows(feed.c.interval)]
        numbers = [numbers[-1], *(n + 3 for n in numbers[-3:])]
        if max(numbers) > 8:
            break
    assert spans[0] > spans[1]
    press.collect(after=HOUR)
    press.collect(after=HOUR)
    assert press.rows(feed.c.interval)[0][0] > spans[-1]


def test_a_window_that_moved_on_altogether_is_a_gap(press: Press) -> None:
    press.read(sources("a"))
    with_pages(press, *range(1, 9))
    for numbers in ((1, 2, 3), (3, 4, 5), (6, 7, 8)):
        press.answers["a.example/feed"] = items(*numbers)
        press.collect(after=HOUR)
    assert [gap for (gap,) in press.rows(poll.c.gap)] == [False, False, True]
    with press.archive.reading() as connection:
        [health] = figures.feed_health(connection)
    assert (health.gaps, health.gap_at) == (1, press.now)


def test_a_feed_is_never_given_up(press: Press) -> None:
    press.read(sources("a"))
    press.answers["a.example/feed"] = Answer(status=404)
    polled, days = 0, 10
    for _ in range(days * 4):
        polled += press.collect(after=6 * HOUR, only_due=True).feeds_polled
    assert days * 0.8 <= polled <= days + 7
    press.answers["a.example/feed"] = items()
    press.collect()
    assert press.rows(feed.c.failures, feed.c.failure) == [(0, None)]


def test_a_pause_that_a_host_asked_for_holds_by_hand_too(press: Press) -> None:
    press.read(sources("a"))
    press.answers["a.example/feed"] = Answer(status=429, headers={"Retry-After": "7200"})
    press.collect()
    assert press.collect(after=HOUR).feeds_resting == 1
    assert not press.asked
    press.answers["a.example/feed"] = items()
    assert press.collect(after=HOUR).feeds_polled == 1
    assert press.rows(feed.c.held_until) == [(None,)]


def test_what_a_feed_says_of_its_age_is_believed(press: Press) -> None:
    press.read(sources("a", "b"))
    press.answers["a.example/feed"] = feed_of(more="<ttl>300</ttl>")
    press.answers["b.example/feed"] = Answer(feed_of(), headers={"Cache-Control": "max-age=18000"})
    press.collect()
    due = [moment for (moment,) in press.rows(feed.c.due_at)]
    assert due == [press.now + 5 * HOUR] * 2


def test_a_whole_feed_is_asked_for_once_a_day(press: Press) -> None:
    press.read(sources("a"))
    press.answers["a.example/feed"] = Answer(items(), headers={"ETag": '"1"'})
    conditional = []
    for _ in range(9):
        press.collect(after=6 * HOUR)
        [(_, headers)] = [one for one in press.heard if one[0].endswith("/feed")]
        conditional.append("If-None-Match" in headers)
    assert conditional == [False, True, True, True, False, True, True, True, False]


# --- the line ----------------------------------------------------------------


def test_when_the_line_is_down_nobody_is_blamed(press: Press) -> None:
    names = ("a", "b", "c", "d")
    press.read(sources(*names))
    with_pages(press, 1)
    press.answers |= {f"{name}.example/feed": feed_of() for name in names}
    press.answers["a.example/feed"] = items(1)
    press.answers["a.example/1000"] = Answer(status=404)
    press.collect()
    [(attempts,)] = press.rows(address.c.attempts)
    press.silent = {f"{name}.example" for name in names}
    report = press.collect(after=3 * HOUR)
    assert report.line_down
    assert report.all_failed
    assert [failures for (failures,) in press.rows(feed.c.failures)] == [0] * 4
    assert press.rows(address.c.attempts) == [(attempts,)]
    assert press.rows(run.c.line_down) == [(False,), (True,)]
    assert report.outcomes == {Outcome.FAILED: 1}


def test_hosts_that_answer_and_lead_to_silence_are_no_line_that_is_down(press: Press) -> None:
    names = ("a", "b", "c")
    press.read(sources(*names))
    for name in names:
        link = f"http://{name}.example/1000"
        press.answers[f"{name}.example/feed"] = feed_of(item(link, name))
        press.answers[f"{name}.example/1000"] = Answer(
            status=302, headers={"Location": "http://nobody.example/"}
        )
    press.silent = {"nobody.example"}
    report = press.collect()
    assert report.reasons.keys() <= {"no connection"}
    assert not report.line_down
    assert {attempts for (attempts,) in press.rows(address.c.attempts)} >= {1}


def test_one_silent_host_is_blamed(press: Press) -> None:
    press.read(sources("a", "b", "c"))
    press.answers = {f"{name}.example/feed": feed_of() for name in ("a", "b")}
    press.silent = {"c.example"}
    report = press.collect()
    assert not report.line_down
    assert sorted(press.rows(feed.c.source_id, feed.c.failures)) == [("a", 0), ("b", 0), ("c", 1)]


# --- what is remembered ------------------------------------------------------


def test_robots_rules_are_kept_between_runs(press: Press) -> None:
    press.read(sources("a"))
    with_pages(press, 1, 2)
    press.answers["a.example/robots.txt"] = "User-agent: *\nDisallow: /2000"
    press.answers["a.example/feed"] = items(1)
    press.collect()
    assert press.asked["a.example/robots.txt"] == 1
    press.answers["a.example/feed"] = items(1, 2)
    report = press.collect(after=HOUR)
    assert press.asked["a.example/robots.txt"] == 0
    assert report.reasons == {"robots.txt forbids it": 1}
    press.collect(after=24 * HOUR)
    assert press.asked["a.example/robots.txt"] == 1
    assert [moment for (moment,) in press.rows(robots.c.fetched_at)] == [press.now]
    with press.archive.reading() as connection:
        [health] = figures.feed_health(connection)
    assert health.refusals == 1


def test_a_feed_that_has_moved_is_followed_and_proposed(press: Press) -> None:
    press.read(sources("a"))
    moved = Answer(status=301, headers={"Location": "http://b.example/new-feed"})
    press.answers["a.example/feed"] = moved
    press.answers["b.example/new-feed"] = items(1)
    with_pages(press, 1)
    since = press.now
    assert press.collect().outcomes == {Outcome.STORED: 1}
    press.collect(after=24 * HOUR)
    assert press.rows(feed.c.url, feed.c.moved_to, feed.c.moved_at) == [
        ("http://a.example/feed", "http://b.example/new-feed", since)
    ]
    press.answers["a.example/feed"] = items(1)
    press.collect(after=HOUR)
    assert press.rows(feed.c.moved_to, feed.c.moved_at) == [(None, None)]


# --- what was found to go wrong ----------------------------------------------


def test_polls_by_hand_do_not_slow_a_feed_down(press: Press) -> None:
    press.read(sources("a"))
    press.answers["a.example/feed"] = items()
    for _ in range(12):
        press.collect(after=HOUR / 60)
    assert press.rows(feed.c.interval) == [(3600.0,)]


def test_a_window_of_one_entry_has_no_gaps(press: Press) -> None:
    press.read(sources("a"))
    with_pages(press, 1, 2, 3)
    for number in (1, 2, 3):
        press.answers["a.example/feed"] = items(number)
        press.collect(after=24 * HOUR)
    assert press.rows(feed.c.gaps) == [(0,)]


def test_an_old_entry_that_comes_back_hides_no_gap(press: Press) -> None:
    press.read(sources("a"))
    with_pages(press, *range(1, 10))
    for numbers in ((1, 2, 3), (3, 4, 5), (6, 7, 1)):
        press.answers["a.example/feed"] = items(*numbers)
        press.collect(after=HOUR)
    assert press.rows(feed.c.gaps) == [(1,)]


def test_a_clock_that_was_ahead_silences_nobody(press: Press) -> None:
    press.read(sources("a"))
    press.answers["a.example/feed"] = Answer(status=429, headers={"Retry-After": "3600"})
    now, press.now = press.now, press.now + timedelta(days=3650)
    press.collect()
    press.now = now
    press.answers["a.example/feed"] = items()
    assert press.collect(only_due=True).feeds_polled == 1


def test_the_line_is_judged_by_the_runs_before_too(press: Press) -> None:
    names = ("a", "b", "c", "d")
    press.read(sources(*names))
    press.answers = {f"{name}.example/feed": feed_of() for name in names}
    press.collect()
    press.silent = {f"{name}.example" for name in names}
    press.collect(after=HOUR)
    for _ in range(3):  # each asks what is due; none knows of four hosts by itself
        press.collect(after=HOUR / 6, only_due=True)
    assert max(failures for (failures,) in press.rows(feed.c.failures)) == 0
    press.silent = set()
    assert press.collect(after=HOUR / 60).feeds_polled == 4, "no host asked for a pause"


@pytest.mark.parametrize("reply", [b"\0\0garbage\r\n\r\n", b"HTTP/1.1 200 \x1b[2J\0\r\n\r\n"])
def test_rubbish_from_a_host_costs_only_its_feed(press: Press, reply: bytes) -> None:
    press.read(sources("a", "b"))
    press.answers = {"a.example/feed": items(1), "b.example/feed": feed_of()}
    with_pages(press, 1)
    with rubbish(reply) as address:
        press.lead["b.example"] = address
        report = press.collect()
    assert report.outcomes == {Outcome.STORED: 1}
    told = [failure for (failure,) in press.rows(feed.c.failure) if failure]
    assert all(failure.isprintable() for failure in told)


@contextmanager
def rubbish(reply: bytes) -> Iterator[tuple[str, int]]:
    """A host that answers every connection with the same bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        done = Event()

        def serve() -> None:
            while not done.is_set():
                with suppress(OSError):
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(4096)
                        connection.sendall(reply)

        thread = Thread(target=serve)
        thread.start()
        host, port = listener.getsockname()[:2]
        yield str(host), int(port)
        done.set()
        thread.join()


def test_a_guid_that_no_index_could_hold_is_none(press: Press) -> None:
    press.read(sources("a"))
    with_pages(press, 1)
    guid = "".join(chr(0x4E00 + n) for n in range(4000))
    press.answers["a.example/feed"] = feed_of(item("http://a.example/1000", "One", guid=guid))
    assert press.collect().outcomes == {Outcome.STORED: 1}
    assert press.rows(sighting.c.guid) == [(None,)]
