"""The jobs at their times, in the foreground, one at a time.

APScheduler says when; the calling thread does the work, so that Ctrl-C and
SIGTERM reach the job itself, which then ends as it does when run by hand. A
job that falls due while it waits to be done is done once, not twice.
"""

import queue
from collections.abc import Callable, Mapping

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
    jobs: Mapping[str, tuple[BaseTrigger, Callable[[], None]]],
    *,
    first: str,
    failed: Callable[[str, PipelineError], None],
) -> None:
    """Do the jobs at their times until interrupted, beginning with the job ``first``.

    A job that fails with a PipelineError is told to ``failed`` and is due again at
    its next time. Returns only by an exception, KeyboardInterrupt among them.
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
    scheduler.start()
    fall_due(first)
    try:
        while True:
            name = due.get()
            waiting.discard(name)
            try:
                jobs[name][1]()
            except PipelineError as error:
                failed(name, error)
    finally:
        scheduler.shutdown(wait=False)
