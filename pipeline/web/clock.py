"""The wall clock, as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

#: Returns the present moment, aware and in UTC.
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)
