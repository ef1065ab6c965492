"""The command `backfill`: pages and addresses from files."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import printing
from pipeline.cli.options import AsJson, Database, Reports, Sources, choose, opened
from pipeline.cli.progress import Step, shown
from pipeline.jobs.backfill import BackfillReport, Progress, sort_out
from pipeline.jobs.backfill import backfill as backfill_job
from pipeline.jobs.curate import curate
from pipeline.web.clock import utc_now

#: As a check that found something.
FAULTS = 1

#: The size of files is shown in these.
_KILOBYTE = 1_000


def backfill(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="WARC, saved HTML, or addresses.")
    ],
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Take in what files hold, then find the copies in it.

    A file is a crawl as WARC (also one of others, such as Common Crawl's news), a page as a
    browser saves it, or a list of addresses, one a line, which are fetched; each may be packed
    by gzip. The same command again goes on where it was cut off.

    Example: solidarity backfill CC-NEWS-20251231.warc.gz saved.html addresses.txt
    """
    settings, catalogue = choose(sources, database, reports)
    usable, refused = sort_out(files)
    with opened(settings) as archive:
        with shown("backfill, kB") as step:
            report = backfill_job(
                archive, catalogue, settings, usable, clock=utc_now, show=_told(step)
            )
        faults = [*refused, *report.faults]
        _print_report(report, faults)
        with shown("curate") as step:
            curated = curate(
                archive, catalogue.topic, show=lambda done, total: step(done, total, "")
            )
    printing.print_curated(curated)
    if as_json:
        figures = _figures(report, files=len(usable), faults=len(faults))
        printing.print_json({**figures, "curated": curated.counts})
    if faults:
        raise typer.Exit(FAULTS)


def _told(step: Step) -> Callable[[Progress], None]:
    """Return what tells ``step`` how far a backfill is."""

    def tell(so_far: Progress) -> None:
        note = f"addresses {so_far.addresses}, new articles {so_far.stored}"
        step(so_far.bytes_done // _KILOBYTE, so_far.bytes // _KILOBYTE, note)

    return tell


def _figures(report: BackfillReport, *, files: int, faults: int) -> dict[str, object]:
    return {
        "files": files,
        "faults": faults,
        "line_down": report.line_down,
        **printing.outcome_figures(report.outcomes, report.reasons),
    }


def _print_report(report: BackfillReport, faults: Sequence[str]) -> None:
    printing.print_line(f"{sum(report.outcomes.values())} addresses seen")
    printing.print_outcomes(report.outcomes, report.reasons)
    if report.line_down:
        printing.print_line(
            "most hosts did not answer: the line seems to be down; "
            "the addresses stay due for `solidarity collect`"
        )
    for fault in faults:
        printing.print_line(fault)
