"""The jobs at their times, in the foreground, one at a time.

APScheduler says when; the calling thread does the work, so that Ctrl-C and
SIGTERM reach the job itself, which then ends as it does when run by hand. A
job that falls due while it waits to be done is done once, not twice.
"""

import queue
from collections.abc import Callable, Mapping, Sequence

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from pipeline.errors import ConfigError, PipelineError

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


def run_schedule(
    jobs: Mapping[str, tuple[BaseTrigger, Callable[[], str]]],
    *,
    first: Sequence[str],
    log: Callable[[str, str], None],
) -> None:
    """Do the jobs at their times until interrupted, at once the ``first`` ones.

    A job that fails with a PipelineError is due again at its next time. Returns only
    by an exception, KeyboardInterrupt among them.

    Args:
        jobs: for each name, when it is due, and the job, which returns what it did.
        first: names of jobs to do now, in this order.
        log: told a job's name and that it begins, ends (and what it did) or fails.
    """
    due: queue.SimpleQueue[str] = queue.SimpleQueue()
    waiting: set[str] = set()

    def fall_due(name: str) -> None:
        if name not in waiting:
            waiting.add(name)
            due.put(name)

    scheduler = BackgroundScheduler()
    for name, (trigger, _) in jobs.items():
        # However late, once: a machine that slept does not owe every missed hour.
        scheduler.add_job(fall_due, trigger, [name], coalesce=True, misfire_grace_time=None)
    for name in first:
        fall_due(name)
    scheduler.start()
    try:
        while True:
            name = due.get()
            waiting.discard(name)
            log(name, "begins")
            try:
                log(name, f"ends: {jobs[name][1]()}")
            except PipelineError as error:
                log(name, f"fails: {error}")
    finally:
        scheduler.shutdown(wait=False)
