"""The jobs at their times, in the foreground, one at a time.

APScheduler says when; the calling thread does the work, so that Ctrl-C and
SIGTERM reach the job itself, which then ends as it does when run by hand. A
job that falls due while it waits to be done is done once, not twice.
"""

import queue
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from pipeline.errors import ConfigError, MailError, PipelineError

#: Until mail that was not taken is offered again: within it a server is up again, or takes what
#: it put off at first to see whether the sender insists.
RESEND_AFTER = timedelta(minutes=15)

#: What the log calls sending again.
_RESEND = "mail"

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def every_minutes(minutes: int) -> BaseTrigger:
    """Return the trigger that fires every so many minutes."""
    return IntervalTrigger(minutes=minutes)


def weekly(when: str, time_zone: str) -> BaseTrigger:
    """Return the trigger for ``mon 06:00`` in a time zone.

    Raises:
        ConfigError: ``when`` is not a day and a time.
    """
    day, _, clock = when.strip().lower().partition(" ")
    hour, _, minute = clock.strip().partition(":")
    try:
        _DAYS.index(day)
        return CronTrigger(day_of_week=day, hour=int(hour), minute=int(minute), timezone=time_zone)
    except ValueError as error:
        raise ConfigError(f"not a day and a time such as “mon 06:00”: {when!r}") from error


class _Due:
    """The jobs that are due, each once, in the order in which they fell due."""

    def __init__(self) -> None:
        self._names: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._waiting: set[str] = set()

    def add(self, name: str) -> None:
        if name not in self._waiting:
            self._waiting.add(name)
            self._names.put(name)

    def next(self) -> str:
        """Return the name of the next one, as soon as there is one."""
        name = self._names.get()
        self._waiting.discard(name)
        return name


def run_schedule(
    jobs: Mapping[str, tuple[BaseTrigger, Callable[[], str]]],
    *,
    first: Sequence[str],
    log: Callable[[str, str], None],
    resend: Callable[[], str],
    resend_after: timedelta = RESEND_AFTER,
) -> None:
    """Do the jobs at their times until interrupted, at once the ``first`` ones.

    A job that fails with a PipelineError is due again at its next time; after a MailError
    ``resend`` is due as well, and again until it does not fail with one. Returns only by
    an exception, KeyboardInterrupt among them.

    Args:
        jobs: for each name, when it is due, and the job, which returns what it did.
        first: names of jobs to do now, in this order.
        log: told a job's name and that it begins, ends (and what it did) or fails.
        resend: sends what was not taken and returns what it did; the log calls it ``mail``.
        resend_after: how long after a MailError.
    """
    work = {_RESEND: resend, **{name: job for name, (_, job) in jobs.items()}}
    due = _Due()
    # However late, once: a machine that slept does not owe every missed hour.
    scheduler = BackgroundScheduler(job_defaults={"coalesce": True, "misfire_grace_time": None})
    for name, (trigger, _) in jobs.items():
        scheduler.add_job(due.add, trigger, [name])
    for name in first:
        due.add(name)
    scheduler.start()
    try:
        while True:
            name = due.next()
            log(name, "begins")
            try:
                said = f"ends: {work[name]()}"
            except MailError as error:
                at = datetime.now(UTC) + resend_after
                scheduler.add_job(
                    due.add, DateTrigger(at), [_RESEND], id=_RESEND, replace_existing=True
                )
                said = f"fails: {error}; the next attempt is at {at:%H:%M} UTC"
            except PipelineError as error:
                said = f"fails: {error}"
            log(name, said)
    finally:
        scheduler.shutdown(wait=False)
