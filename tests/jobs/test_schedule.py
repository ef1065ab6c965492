"""The jobs run at their times, one at a time, until interrupted."""

import threading
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.interval import IntervalTrigger

from pipeline.errors import ConfigError, MailError, StoreError
from pipeline.jobs.schedule import every_minutes, run_schedule, weekly


def never() -> str:
    raise AssertionError("no mail was to be sent again")


def test_the_weekly_job_keeps_the_topics_zone() -> None:
    sunday = datetime(2026, 12, 27, 20, tzinfo=UTC)
    at = weekly("mon 06:00", "Asia/Baku").get_next_fire_time(None, sunday)
    assert at == datetime(2026, 12, 28, 6, tzinfo=ZoneInfo("Asia/Baku"))


@pytest.mark.parametrize("when", ["", "mon", "monday 06:00", "mon 25:00", "mon six", "06:00"])
def test_a_time_that_is_none_is_refused(when: str) -> None:
    with pytest.raises(ConfigError, match="mon 06:00"):
        weekly(when, "Asia/Baku")


def test_jobs_take_turns_and_what_happens_is_logged() -> None:
    done: list[str] = []
    logged: list[tuple[str, str]] = []
    at_work = threading.Lock()

    def job(name: str) -> str:
        assert at_work.acquire(blocking=False), "two jobs at once"
        time.sleep(0.02)
        done.append(name)
        at_work.release()
        if name == "digest":
            raise StoreError("the disk is full")
        if len(done) > 6:
            raise KeyboardInterrupt
        return "all well"

    often = IntervalTrigger(seconds=0.05)
    jobs = {
        "collect": (every_minutes(60), lambda: job("collect")),
        "digest": (often, lambda: job("digest")),
        "status": (often, lambda: job("status")),
    }
    with pytest.raises(KeyboardInterrupt):
        run_schedule(jobs, first=["collect"], log=lambda *line: logged.append(line), resend=never)
    assert done[0] == "collect"
    assert done.count("collect") == 1
    assert {"digest", "status"} <= set(done)
    assert logged[:2] == [("collect", "begins"), ("collect", "ends: all well")]
    at = logged.index(("digest", "begins"))
    assert logged[at + 1] == ("digest", "fails: the disk is full")
    assert logged[-1] == ("status", "begins")
    assert not [thread for thread in threading.enumerate() if "APScheduler" in thread.name]


def test_the_first_jobs_are_done_in_their_order() -> None:
    done: list[str] = []

    def last() -> str:
        raise KeyboardInterrupt

    def job(name: str) -> str:
        done.append(name)
        return ""

    rarely = every_minutes(60)
    jobs = {
        "last": (rarely, last),
        "digest": (rarely, lambda: job("digest")),
        "collect": (rarely, lambda: job("collect")),
    }
    with pytest.raises(KeyboardInterrupt):
        run_schedule(jobs, first=["collect", "digest", "last"], log=lambda *_: None, resend=never)
    assert done == ["collect", "digest"]


def test_a_bug_ends_the_schedule() -> None:
    def buggy() -> str:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        run_schedule(
            {"collect": (every_minutes(60), buggy)},
            first=["collect"],
            log=lambda *_: None,
            resend=never,
        )


def test_mail_that_was_not_taken_is_sent_again_until_it_is() -> None:
    logged: list[tuple[str, str]] = []
    replies = iter(["451 later", "no connection"])
    collected: list[float] = []

    def digest() -> str:
        raise MailError("451 not yet")

    def resend() -> str:
        if said := next(replies, None):
            raise MailError(said)
        return "sent"

    def collect() -> str:
        if ("mail", "ends: sent") in logged:
            collected.append(time.monotonic())
        if len(collected) > 10:  # half a second later; it was not sent once more
            raise KeyboardInterrupt
        return ""

    jobs = {
        "digest": (every_minutes(60), digest),
        "collect": (IntervalTrigger(seconds=0.05), collect),
    }
    with pytest.raises(KeyboardInterrupt):
        run_schedule(
            jobs,
            first=["digest"],
            log=lambda *line: logged.append(line),
            resend=resend,
            resend_after=timedelta(seconds=0.1),
        )
    told = [(name, said.partition("; the next attempt is at ")[0]) for name, said in logged]
    assert [one for one in told if one[0] != "collect"] == [
        ("digest", "begins"),
        ("digest", "fails: 451 not yet"),
        ("mail", "begins"),
        ("mail", "fails: 451 later"),
        ("mail", "begins"),
        ("mail", "fails: no connection"),
        ("mail", "begins"),
        ("mail", "ends: sent"),
    ]


def test_a_log_that_cannot_be_written_ends_the_schedule() -> None:
    def log(_name: str, said: str) -> None:
        if said.startswith("ends"):
            raise StoreError("cannot write the output")

    jobs = {"collect": (every_minutes(60), lambda: "")}
    with pytest.raises(StoreError):
        run_schedule(jobs, first=["collect"], log=log, resend=never)
