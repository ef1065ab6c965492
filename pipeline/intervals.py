"""When a feed is asked next: as often as it brings something, within bounds.

A feed shows a window on the newest. Asked too seldom, what passes through the window
between two polls is lost; asked too often, it answers with what we have. So the share of
the window that is new decides, and a window that moved on altogether decides most.

No feed is given up: one that fails is asked more and more seldom, but it is asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Share of the window from which a feed is asked more often. With a half, a day that
#: brings twice as much as the day before still loses nothing.
MUCH_NEW = 0.5

#: By how much an interval changes. Down fast, since what is missed is lost; up slowly,
#: since a poll that brings nothing costs a few hundred bytes.
GAP, FASTER, SLOWER = 0.25, 0.5, 1.25

#: Share of an interval after which a poll that brings nothing tells something.
WHOLE = 0.8

#: Feeds added together are not asked together for ever: each is this much of its interval
#: early at most, by its number.
SPREAD = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Between what intervals move."""

    shortest: timedelta
    longest: timedelta
    first: timedelta  # of a feed of which nothing is known yet

    def hold(self, interval: timedelta) -> timedelta:
        """Return the interval within the bounds that is nearest."""
        return min(max(interval, self.shortest), self.longest)


def next_interval(  # noqa: PLR0913 - what there is to weigh, each by its name
    interval: timedelta | None,
    *,
    entries: int,
    fresh: int,
    gap: bool,
    bounds: Bounds,
    since: timedelta | None = None,
) -> timedelta:
    """Return the interval after a poll that was answered.

    Args:
        interval: the one until now; None: this was the first poll.
        entries: in the feed's window; 0 after “not modified”.
        fresh: of them, those not seen before.
        gap: whether nothing of the poll before was left in the window.
        bounds: what it may be.
        since: how long ago the poll before was; None: an interval.

    >>> hour = timedelta(hours=1)
    >>> bounds = Bounds(shortest=hour / 4, longest=hour * 24, first=hour)
    >>> str(next_interval(hour, entries=30, fresh=20, gap=False, bounds=bounds))
    '0:30:00'
    >>> str(next_interval(hour, entries=30, fresh=0, gap=False, bounds=bounds))
    '1:15:00'
    """
    if interval is None:
        return bounds.hold(bounds.first)
    if gap:
        factor = GAP
    elif fresh and fresh >= entries * MUCH_NEW:
        factor = FASTER
    elif fresh:
        factor = 1.0
    elif since is not None and since < interval * WHOLE:
        factor = 1.0  # asked before its time: that it brings nothing tells nothing
    else:
        factor = SLOWER
    return bounds.hold(interval * factor)


def next_poll(  # noqa: PLR0913 - what there is to weigh, each by its name
    interval: timedelta,
    *,
    now: datetime,
    number: int,
    bounds: Bounds,
    failures: int = 0,
    fresh_for: timedelta | None = None,
) -> datetime:
    """Return when a feed is asked next.

    Args:
        interval: its usual one.
        now: the moment of the poll.
        number: of the feed; spreads feeds with equal intervals.
        bounds: of intervals; of pauses too.
        failures: failed polls in a row; each doubles the pause.
        fresh_for: for how long the feed says that it will not change.
    """
    pause = interval
    for _ in range(failures):
        pause = min(pause * 2, bounds.longest)
    pause *= 1 - SPREAD * (number * 7 % 16) / 16
    if fresh_for is not None:
        pause = max(pause, min(fresh_for, bounds.longest))
    return now + pause
