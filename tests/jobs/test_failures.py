"""What a failure means for the page, and for the line."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.errors import PostponedError, StatusError, UnreachableError
from pipeline.jobs.failures import (
    ATTEMPTS,
    FIRST_PAUSE,
    HASTY_ATTEMPTS,
    PATIENCE,
    decide_failure,
    is_line_down,
)
from pipeline.model import Outcome, Reason
from pipeline.store.addresses import DueAddress
from tests.fakes import NOW

DUE = DueAddress(
    id=1,
    url="u",
    source_id="a",
    title="",
    published_at=None,
    language=None,
    first_seen_at=NOW,
    attempts=0,
)


@pytest.mark.parametrize(
    ("attempts", "reason", "pause"),
    [
        (0, Reason.TIMEOUT, FIRST_PAUSE),
        (1, Reason.TIMEOUT, 2 * FIRST_PAUSE),
        (ATTEMPTS - 2, Reason.SERVER_ERROR, 2 ** (ATTEMPTS - 2) * FIRST_PAUSE),
        (ATTEMPTS - 1, Reason.TIMEOUT, None),
        (0, Reason.NOT_FOUND, FIRST_PAUSE),
        (HASTY_ATTEMPTS - 1, Reason.NOT_FOUND, None),
        (HASTY_ATTEMPTS - 1, Reason.FORBIDDEN, None),
        (0, Reason.GONE, None),
        (0, Reason.ROBOTS, None),
        (0, Reason.PRIVATE_ADDRESS, None),
    ],
)
def test_what_may_pass_is_tried_again(
    attempts: int, reason: Reason, pause: timedelta | None
) -> None:
    ending = decide_failure(replace(DUE, attempts=attempts), UnreachableError("u", reason), now=NOW)
    assert ending.outcome is Outcome.FAILED
    assert ending.due_at == (None if pause is None else NOW + pause)


def test_a_host_that_names_a_moment_is_believed() -> None:
    later = NOW + timedelta(hours=7)
    error = StatusError("u", Reason.RATE_LIMITED, status=429, retry_at=later)
    assert decide_failure(DUE, error, now=NOW).due_at == later


def test_what_was_postponed_is_not_held_against_the_address() -> None:
    later = NOW + timedelta(hours=7)
    error = PostponedError("u", Reason.RATE_LIMITED, "a pause", retry_at=later)
    ending = decide_failure(replace(DUE, attempts=3), error, now=NOW)
    assert (ending.due_at, ending.attempts) == (later, 3)
    old = replace(DUE, first_seen_at=NOW - PATIENCE)
    assert decide_failure(old, error, now=NOW).due_at is None


def test_most_hosts_silent_is_the_line() -> None:
    assert is_line_down(set(), {"a", "b", "c"})
    assert is_line_down({"a"}, {*"bcdefgh"})
    assert not is_line_down(set(), {"a", "b"}), "two that fail together are two that fail"
    assert not is_line_down({"a"}, {"b", "c", "d"})
    assert not is_line_down({"a", "b", "c"}, {"a", "b", "c"}), "who answered once is there"
