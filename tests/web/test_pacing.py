import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.web.pacing import Pacer, StoppedError, host_of

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)


class Clock:
    """Time that passes only in sleep."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds - 1_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pacer(clock: Clock) -> Pacer:
    return Pacer(clock=clock, sleep=clock.sleep, now=clock.now)


def start(pacer: Pacer, clock: Clock, host: str, *, gap: float, lasting: float = 0.0) -> float:
    """Take a turn of so many seconds; return when it began."""
    with pacer.turn(host, gap=gap):
        began = clock.seconds - 1_000
        clock.seconds += lasting
    return began


def test_the_gap_counts_from_start_to_start(pacer: Pacer, clock: Clock) -> None:
    began = [start(pacer, clock, "a.example", gap=2.0, lasting=0.5) for _ in range(3)]
    assert began == [0.0, 2.0, 4.0]


def test_a_slow_request_is_followed_at_once(pacer: Pacer, clock: Clock) -> None:
    began = [start(pacer, clock, "a.example", gap=2.0, lasting=7.0) for _ in range(2)]
    assert began == [0.0, 7.0]


def test_hosts_do_not_wait_for_each_other(pacer: Pacer, clock: Clock) -> None:
    assert start(pacer, clock, "a.example", gap=2.0) == 0.0
    assert start(pacer, clock, "b.example", gap=2.0) == 0.0


def test_the_longer_gap_of_a_turn_holds_for_that_turn(pacer: Pacer, clock: Clock) -> None:
    assert start(pacer, clock, "a.example", gap=2.0) == 0.0
    assert start(pacer, clock, "a.example", gap=10.0) == 10.0
    assert start(pacer, clock, "a.example", gap=2.0) == 12.0


def test_a_pause_holds_for_the_whole_host_and_is_never_shortened(
    pacer: Pacer, clock: Clock
) -> None:
    pacer.wait_until("a.example", NOON + timedelta(seconds=90))
    pacer.wait_until("a.example", NOON + timedelta(seconds=30))
    assert pacer.closed_for("a.example") == 90.0
    assert pacer.closed_for("b.example") == 0.0
    assert start(pacer, clock, "a.example", gap=2.0) == 90.0
    assert pacer.closed_for("a.example") == 0.0


def test_a_failed_request_frees_its_host(pacer: Pacer, clock: Clock) -> None:
    with pytest.raises(ZeroDivisionError), pacer.turn("a.example", gap=2.0):
        _ = 1 / 0
    assert start(pacer, clock, "a.example", gap=2.0) == 2.0


def test_many_threads_never_share_a_host() -> None:
    pacer = Pacer()
    inside, most, turns = [0], [0], [0]

    def work() -> None:
        for _ in range(20):
            with pacer.turn("a.example", gap=0.0):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0005)
                turns[0] += 1
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0], turns[0]) == (1, 160)


def test_stop_wakes_those_who_wait_for_the_gap_and_those_who_wait_for_the_host() -> None:
    pacer = Pacer()
    with pacer.turn("a.example", gap=0.0):
        pass
    stopped: list[str] = []

    def work(name: str) -> None:
        try:
            with pacer.turn("a.example", gap=3_600.0):
                raise AssertionError("no turn should come")
        except StoppedError:
            stopped.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    pacer.stop()
    for thread in threads:
        thread.join(timeout=10)
    assert sorted(stopped) == ["first", "second"]
    with pytest.raises(StoppedError), pacer.turn("b.example", gap=0.0):
        pass


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.outlet.example/a?b=c", "outlet.example"),
        ("http://OUTLET.example:8080/", "outlet.example"),
        ("https://az.outlet.example./", "az.outlet.example"),
        ("http://user:secret@127.0.0.9:8800/feed", "127.0.0.9"),
        ("http://[2606:4700::1111]/", "2606:4700::1111"),
        ("https://XƏBƏR.example/a", "xn--xbr-dtbb.example"),
        ("https://www.xn--xbr-dtbb.example/a", "xn--xbr-dtbb.example"),
        ("https://" + "ə" * 90 + ".example/", ""),
        ("http://[broken/", ""),
        ("mailto:desk@outlet.example", ""),
    ],
)
def test_the_key_of_a_host(url: str, host: str) -> None:
    assert host_of(url) == host
