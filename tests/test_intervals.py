"""Feeds are asked as often as they bring something, within bounds, and never given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intervals import Bounds, next_interval, next_poll

HOUR = timedelta(hours=1)
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
BOUNDS = Bounds(shortest=HOUR / 4, longest=24 * HOUR, first=HOUR)


@pytest.mark.parametrize(
    ("interval", "entries", "fresh", "gap", "expected"),
    [
        (None, 30, 30, False, HOUR),  # of the first poll, everything is new
        (HOUR, 30, 0, False, 1.25 * HOUR),
        (HOUR, 0, 0, False, 1.25 * HOUR),  # not modified
        (HOUR, 30, 3, False, HOUR),
        (HOUR, 30, 15, False, HOUR / 2),
        (2 * HOUR, 30, 30, True, HOUR / 2),
        (HOUR / 4, 30, 30, True, HOUR / 4),
        (24 * HOUR, 30, 0, False, 24 * HOUR),
    ],
)
def test_the_share_that_is_new_decides(
    interval: timedelta | None, entries: int, fresh: int, expected: timedelta, *, gap: bool
) -> None:
    found = next_interval(interval, entries=entries, fresh=fresh, gap=gap, bounds=BOUNDS)
    assert found == expected


def test_what_comes_at_a_steady_pace_is_never_missed_for_long() -> None:
    """Thirty entries in the window, one every ten minutes: it moves on in five hours."""
    interval: timedelta | None = None
    spans = []
    for _ in range(40):
        fresh = int((interval or HOUR) / timedelta(minutes=10))
        gap = fresh > 30
        interval = next_interval(interval, entries=30, fresh=min(fresh, 30), gap=gap, bounds=BOUNDS)
        spans.append(interval)
    assert max(spans) <= 5 * HOUR


@given(
    failures=st.integers(0, 10_000),
    number=st.integers(1, 10_000),
    fresh_for=st.none() | st.timedeltas(timedelta(0), timedelta(days=9_999)),
)
def test_no_pause_is_longer_than_the_longest(
    failures: int, number: int, fresh_for: timedelta | None
) -> None:
    moment = next_poll(
        HOUR, now=NOW, number=number, bounds=BOUNDS, failures=failures, fresh_for=fresh_for
    )
    assert timedelta(0) < moment - NOW <= BOUNDS.longest


def test_each_failure_doubles_the_pause() -> None:
    pauses = [
        next_poll(HOUR, now=NOW, number=16, bounds=BOUNDS, failures=n) - NOW for n in range(7)
    ]
    assert pauses == [n * HOUR for n in (1, 2, 4, 8, 16, 24, 24)]


def test_feeds_that_were_added_together_part() -> None:
    moments = {next_poll(HOUR, now=NOW, number=n, bounds=BOUNDS) for n in range(16)}
    assert len(moments) == 16
    assert max(moments) - min(moments) <= HOUR / 10
