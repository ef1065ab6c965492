"""When a page is asked for again, and what silence means (pure)."""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from pipeline.errors import FetchError, PostponedError, StatusError
from pipeline.model import Outcome, Reason
from pipeline.store.addresses import DueAddress, Ending

#: How often a page is tried again, and the first pause; each next one is double.
#: Together about a week: what is down longer has left the feeds. A little less than
#: the hour between two runs, so that the next run finds it due.
ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=50)

#: A host that always wants a rest is asked for a page for so long.
PATIENCE = timedelta(days=30)

#: A feed may run ahead of its page, and a guard mistake us for someone else: such a page is
#: tried so often.
HASTY_ATTEMPTS = 3

#: How often a page is tried by the reason of its failure; once, where none stands here.
_MOST = {
    Reason.DNS: ATTEMPTS,
    Reason.UNREACHABLE: ATTEMPTS,
    Reason.TIMEOUT: ATTEMPTS,
    Reason.TRUNCATED: ATTEMPTS,
    Reason.TLS: ATTEMPTS,
    Reason.BAD_REPLY: ATTEMPTS,
    Reason.RATE_LIMITED: ATTEMPTS,
    Reason.SERVER_ERROR: ATTEMPTS,
    Reason.NOT_FOUND: HASTY_ATTEMPTS,
    Reason.FORBIDDEN: HASTY_ATTEMPTS,
}

#: Signs of a host that is not there, or of a line that is down.
SILENT = frozenset({Reason.DNS, Reason.UNREACHABLE, Reason.TIMEOUT})

#: Share of the hosts asked from which on the line is taken to be down, and of how many hosts
#: at least: two that fail together are two that fail.
MOST_HOSTS = 0.8
FEW_HOSTS = 3


#: An article is looked at again so long after it was first seen: most corrections come
#: within hours, and after two days hardly any.
FOLLOW_UPS = (timedelta(hours=6), timedelta(hours=24), timedelta(hours=48))


def next_look(address: DueAddress, now: datetime) -> datetime | None:
    """Return when an article is looked at again; None once its first days are over."""
    looks = (address.first_seen_at + pause for pause in FOLLOW_UPS)
    return next((look for look in looks if look > now), None)


def _is_gone(address: DueAddress, error: FetchError) -> bool:
    """Tell whether an article that we have was taken away, or locked: that does not pass soon."""
    return address.article_id is not None and error.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}


def decide_failure(address: DueAddress, error: FetchError, *, now: datetime) -> Ending:
    """Decide whether and when a page that could not be fetched is tried again."""
    attempts, due_at = address.attempts + 1, None
    if isinstance(error, PostponedError):
        attempts -= 1
        due_at = error.retry_at if now - address.first_seen_at < PATIENCE else None
    elif attempts < _MOST.get(error.reason, 1) and not _is_gone(address, error):
        due_at = now + FIRST_PAUSE * 2**address.attempts
        if isinstance(error, StatusError) and error.retry_at:
            due_at = max(due_at, error.retry_at)
    if due_at is None and address.article_id is not None:
        due_at = next_look(address, now)
    return Ending(
        address=address,
        outcome=Outcome.FAILED,
        reason=error.reason,
        detail=error.detail,
        due_at=due_at,
        attempts=attempts,
        article_id=address.article_id,
    )


def is_line_down(answered: AbstractSet[str], silent: AbstractSet[str]) -> bool:
    """Tell from the hosts that answered and those that did not whether the line is down."""
    lost = silent - answered
    asked = answered | silent
    return len(lost) >= FEW_HOSTS and len(lost) > MOST_HOSTS * len(asked)
