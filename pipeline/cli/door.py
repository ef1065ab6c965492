"""The program: its commands, and how it ends."""

import sys
import traceback
from io import TextIOWrapper
from typing import Annotated, NoReturn

import typer

from pipeline import __version__
from pipeline.cli import (
    backfilling,
    commands,
    extracting,
    labelling,
    looking,
    scheduling,
    showing,
    signals,
)
from pipeline.cli.output import plain, silence, write_line
from pipeline.cli.printing import print_line
from pipeline.cli.signals import FAREWELL, INTERRUPTED
from pipeline.errors import MailError, PipelineError, StoreError

DONE, BAD_CONFIG, NO_ANSWER, BAD_STORE = 0, 2, 3, 4
_CODES: dict[type[PipelineError], int] = {MailError: NO_ANSWER, StoreError: BAD_STORE}

#: EX_SOFTWARE of sysexits.h; not 1, which is Python's and means something here.
BUG = 70

EXIT_CODES = """Exit codes: 0 done; 1 something was found: by a check, a file is damaged, or a page
holds no article; 2 a setting, an option or sources.yaml cannot be used; 3 no source answered, or
the mail server took nothing; 4 the archive cannot be read or written; 70 a bug, with its traceback;
130 interrupted."""

app = typer.Typer(
    name="solidarity",
    help="Collect and summarise the news about one holiday.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _command in (
    commands.run,
    commands.collect,
    commands.curate,
    commands.digest,
    backfilling.backfill,
    scheduling.schedule,
    looking.status,
    looking.search,
    showing.show,
    labelling.label,
    extracting.extract,
):
    app.command()(_command)
app.add_typer(looking.sources_app, name="sources")
app.command()(commands.demo)


def main() -> NoReturn:
    """Run the command line; turn what went wrong into a line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # no run fails for a letter that a locale has not
            stream.reconfigure(errors="replace")
    try:
        signals.end_in_order()
        code = _run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    signals.end_at_once()
    if code == INTERRUPTED:
        write_line(FAREWELL, to=sys.stderr)
    _flush()
    sys.exit(code)


def _flush() -> None:
    # What Python itself would write after us might meet a reader that has gone.
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            silence(stream)


def _run() -> int | str | None:
    try:
        app()
    except PipelineError as error:
        write_line(plain(f"solidarity: {error}"), to=sys.stderr)
        return next((code for kind, code in _CODES.items() if isinstance(error, kind)), BAD_CONFIG)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # help that nobody reads to its end
            silence(sys.__stdout__ or sys.stdout)
            return DONE
        return end.code  # typer makes 130 of KeyboardInterrupt
    except Exception:  # noqa: BLE001 - said in full, and told from a check that found something
        traceback.print_exc()
        return BUG
    return DONE


def _version(wanted: bool) -> None:
    if wanted:
        print_line(f"solidarity {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    _: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    pass
