"""The program: its commands, and how it ends."""

import sys
import traceback
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from pipeline import __version__
from pipeline.cli import signals
from pipeline.cli.output import plain, prepare_streams, silence, write_line
from pipeline.cli.printing import print_line
from pipeline.cli.signals import INTERRUPTED
from pipeline.errors import MailError, PipelineError, StoreError

DONE, BAD_CONFIG, NO_ANSWER, BAD_STORE = 0, 2, 3, 4
_CODES: dict[type[PipelineError], int] = {MailError: NO_ANSWER, StoreError: BAD_STORE}

#: EX_SOFTWARE of sysexits.h; not 1, which is Python's and means something here.
BUG = 70

EXIT_CODES = """Exit codes: 0 done; 1 something was found: by a check, a file is damaged, or a page
holds no article; 2 a setting, an option or sources.yaml cannot be used; 3 no source answered, or
the mail server took nothing; 4 the archive or the output cannot be read or written; 70 a bug, with
its traceback; 130 interrupted."""

#: Where each command stands, in the order of the help. A module is read when one of its
#: commands is asked for: to read all of them takes longer than most commands.
_COMMANDS = {
    "run": "commands.run",
    "collect": "commands.collect",
    "curate": "commands.curate",
    "digest": "digesting.digest",
    "backfill": "backfilling.backfill",
    "schedule": "scheduling.schedule",
    "status": "looking.status",
    "search": "looking.search",
    "show": "showing.show",
    "label": "labelling.label",
    "extract": "extracting.extract",
    "sources": "looking.sources_app",
    "demo": "commands.demo",
}


class _Group(TyperGroup):
    """The commands, each read when it is asked for."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        own: dict[str, Any] = dict.fromkeys(_COMMANDS)  # by name alone, until one is asked for
        self.commands = {**own, **self.commands}

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the library's signature
        return [*self.commands]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - likewise
        if cmd_name in _COMMANDS and self.commands[cmd_name] is None:
            self.commands[cmd_name] = _read(cmd_name)
        return self.commands.get(cmd_name)


def _read(name: str) -> Any:
    """Return a command as the library has it."""
    module, attribute = _COMMANDS[name].split(".")
    found = getattr(import_module(f"pipeline.cli.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        function, found = found, typer.Typer(add_completion=False, rich_markup_mode=None)
        found.command()(function)
    command = get_command(found)
    command.name = name
    return command


app = typer.Typer(
    name="solidarity",
    cls=_Group,
    help="Collect and summarise the news about one holiday.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> NoReturn:
    """Run the command line; turn what went wrong into a line and an exit code."""
    prepare_streams()
    try:
        signals.end_in_order()
        code = _run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    signals.end_at_once()
    if code == INTERRUPTED:
        write_line(signals.last_words(), to=sys.stderr)
    _flush()
    sys.exit(code)


def _flush() -> None:
    # What Python itself would write after us might meet a reader that has gone, or a full disk.
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, StoreError):
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
