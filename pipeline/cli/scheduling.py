"""The command `schedule`: the jobs at their times, with a log of one line a beginning and end."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.digesting import digest_week
from pipeline.cli.mailing import Outbox, read_post
from pipeline.cli.options import (
    Database,
    Reports,
    Sources,
    choose,
    opened,
    read_catalogue,
    this_week,
)
from pipeline.cli.output import plain, write_line
from pipeline.cli.printing import collect_figures
from pipeline.jobs.collect import collect
from pipeline.jobs.curate import curate
from pipeline.jobs.schedule import every_minutes, run_schedule, weekly
from pipeline.model import Topic
from pipeline.settings import Settings
from pipeline.web.clock import utc_now

#: Of the files that a digest consists of.
_ENDINGS = ("html", "md", "json")


def schedule(
    every: Annotated[
        int,
        typer.Option(
            min=1, metavar="MINUTES", help="How often to look which feeds are due; see `status`."
        ),
    ] = 5,
    digest_at: Annotated[
        str,
        typer.Option(metavar="WHEN", help="When to digest the past week, in the topic's zone."),
    ] = "mon 06:00",
    mail: Annotated[
        bool, typer.Option("--mail", help="Also send that digest, as `digest --mail` does.")
    ] = False,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
) -> None:
    """Do the jobs at their times, in the foreground, until interrupted.

    Each feed is asked as often as it brings something new, within the bounds of the settings. At
    the start it collects, and writes the digest of the past week if there is none. A mail that the
    server does not take is offered again every 15 minutes.

    Example: solidarity schedule --digest-at "mon 07:30" --mail
    """
    settings, catalogue = choose(sources, database, reports)
    if mail:
        read_post(settings)  # what is missing is said now, not on Monday
    topic, outbox = catalogue.topic, Outbox(settings)
    digest = partial(_digest, settings, outbox if mail else None)
    jobs = {
        "collect": (every_minutes(every), partial(_collect, settings)),
        "digest": (weekly(digest_at, topic.time_zone), digest),
    }
    first = ["collect"] if _has_digest(settings, topic) else ["collect", "digest"]
    run_schedule(jobs, first=first, log=_log, resend=outbox.send_again)


def _log(job: str, what: str) -> None:
    line = " ".join(plain(f"{job}: {what}").split())
    write_line(f"{utc_now():%Y-%m-%d %H:%M:%S} UTC {line}")


def _has_digest(settings: Settings, topic: Topic) -> bool:
    """Whether the past week's digest was written; nobody may have been here at its time."""
    week, folder = this_week(topic).shifted(-1), Path(settings.reports)
    return all((folder / f"{week}.{ending}").exists() for ending in _ENDINGS)


def _collect(settings: Settings) -> str:
    catalogue = read_catalogue(settings)  # each time: it may have been edited
    with opened(settings) as archive:
        report = collect(archive, catalogue, settings, clock=utc_now, only_due=True)
        curated = curate(archive, catalogue.topic)
    figures = {**collect_figures(report), "curated": curated.counts}
    return json.dumps(figures, ensure_ascii=False)


def _digest(settings: Settings, outbox: Outbox | None) -> str:
    catalogue = read_catalogue(settings)
    with opened(settings) as archive:
        week = this_week(catalogue.topic).shifted(-1)
        written = digest_week(archive, catalogue, settings, week)
    [report] = written.digests
    done = f"{report.week}: {report.headline} ({report.files[0]})"
    return f"{done}; {outbox.send(written)}" if outbox else done
