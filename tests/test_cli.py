"""The command line as its users meet it: what it prints, and how it exits."""

import json
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_group
from typer.testing import CliRunner

from pipeline.cli.door import EXIT_CODES, app
from pipeline.cli.mailing import Outbox
from pipeline.cli.signals import FAREWELL
from pipeline.errors import MailError
from pipeline.jobs.digest import WrittenReport
from pipeline.jobs.reports import OverviewReport
from pipeline.model import Week
from pipeline.settings import Settings
from pipeline.store.database import Archive
from tests.cases.digests.weeks import digest_of
from tests.postbox import MailServer, Postbox
from tests.warc import reply, write

ROOT = Path(__file__).parents[1]

SOURCES = """
topic:
  name: T
  time_zone: Asia/Baku
  names: {en: [solidarity day of world azerbaijanis]}
  season: {start: "12-16", day: "12-31", end: "01-05"}
sources:
"""


def solidarity(
    *arguments: str, folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program in an empty folder, with nothing in its environment but what is given."""
    kept = {name: value for name, value in os.environ.items() if "SOLIDARITY" not in name}
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=folder,
        env={**kept, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def in_shell(
    arguments: str, *, folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program as `solidarity` does, with what a shell does to its streams."""
    kept = {name: value for name, value in os.environ.items() if "SOLIDARITY" not in name}
    return subprocess.run(
        ["sh", "-c", f"{shlex.quote(sys.executable)} -m pipeline {arguments}"],
        cwd=folder,
        env={**kept, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class Starter(Protocol):
    def __call__(
        self,
        *arguments: str,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = ("-m", "pipeline"),
        interruptible: bool = True,
    ) -> subprocess.Popen[str]: ...


@pytest.fixture
def started() -> Iterator[Starter]:
    """Starts the program in a group of processes of its own, as a shell does."""
    with ExitStack() as stack:

        def start(
            *arguments: str,
            folder: Path,
            environment: Mapping[str, str] | None = None,
            program: Sequence[str] = ("-m", "pipeline"),
            interruptible: bool = True,
        ) -> subprocess.Popen[str]:
            kept = {name: value for name, value in os.environ.items() if "SOLIDARITY" not in name}
            # An ignored signal is inherited, so what these tests were started with would count.
            wanted = signal.default_int_handler if interruptible else signal.SIG_IGN
            before = signal.signal(signal.SIGINT, wanted)
            try:
                process = subprocess.Popen(
                    [sys.executable, *program, *arguments],
                    cwd=folder,
                    env={**kept, **LOOPBACK, **(environment or {})},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                )
            finally:
                signal.signal(signal.SIGINT, before)
            stack.enter_context(process)
            stack.callback(process.kill)
            hung = Timer(120, process.kill)  # a line that never comes is an empty one then
            hung.start()
            stack.callback(hung.cancel)
            return process

        yield start


def last_json(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sources.yaml whose one source refuses the connection."""
    entry = (
        "  - {id: down, name: Down, publisher: private, languages: [en], time_zone: UTC,\n"
        '     feeds: [{url: "http://127.0.0.1:9/feed"}]}\n'
    )
    (tmp_path / "sources.yaml").write_text(SOURCES + entry, "utf-8")
    return tmp_path


LOOPBACK = {"SOLIDARITY_ALLOW_NETWORKS": "127.0.0.0/8", "SOLIDARITY_GAP": "0"}


# --- help ------------------------------------------------------------------


def test_a_command_is_read_alone() -> None:
    program = (
        "import sys; from typer.main import get_command; from pipeline.cli.door import app; "
        "get_command(app).get_command(None, 'digest'); "
        "print([name for name in sys.modules if name in ('pipeline.web.fetcher', 'sklearn')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_name_that_is_nearly_a_commands_is_answered_with_it() -> None:
    done = CliRunner().invoke(app, ["digst"])
    assert done.exit_code == 2
    assert "Did you mean 'digest'?" in done.output


def all_commands() -> dict[str, set[str]]:
    """Return what each command of the program is called, and its options."""
    found: dict[str, set[str]] = {}

    def add(group: TyperGroup, before: str) -> None:
        context = typer.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            found[before + name] = {option for one in command.params for option in one.opts}
            if isinstance(command, TyperGroup):
                add(command, f"{before}{name} ")

    add(get_group(app), "")
    return found


COMMANDS = all_commands()


def test_the_commands_are_found() -> None:
    assert {"run", "schedule", "demo", "sources", "sources check"} <= COMMANDS.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_the_options_that_all_share(command: str) -> None:
    assert {"--sources", "--database", "--reports"} <= COMMANDS[command]


def test_help_names_every_command_and_the_exit_codes(tmp_path: Path) -> None:
    done = solidarity("--help", folder=tmp_path)
    assert done.returncode == 0
    for command in (*COMMANDS, "Exit codes"):
        assert command.removeprefix("sources ") in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example(command: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert re.search(rf"Example: solidarity {command.split(maxsplit=1)[0]}", done.stdout)


def test_the_readme_names_every_command_and_variable() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [one for one in COMMANDS if f"solidarity {one}" not in readme] == []
    code = (ROOT / "pipeline" / "settings.py").read_text("utf-8")
    variables = set(re.findall(r'"(SOLIDARITY_\w+)"', code))
    assert [one for one in variables if one not in readme] == []
    said = readme.partition("Exit codes: ")[2].partition("\n\n")[0].replace("\n", " ")
    assert said.replace(" · ", "; ") == EXIT_CODES.partition(": ")[2].replace("\n", " ")


# --- what cannot be used ---------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "--sources", "none.yaml"), "cannot read none.yaml"),
        (("digest", "--week", "2025-W53"), "--week: 2025 has 52 weeks; there is no '2025-W53'"),
        (("digest", "--week", "2026-W00"), "--week: 2026 has 53 weeks"),
        (("digest", "--week", "2090-W01"), "--week: 2090-W01 has not begun; the current week is "),
        (("digest", "--from", "2026-W01", "--to", "2090-W01"), "--to: 2090-W01 has not begun"),
        (("digest", "--week", "last"), "not an ISO week such as 2026-W53"),
        (("digest", "--week", "0001-W01"), "not between 1900 and 2100"),
        (("digest", "--week", "9999-W52"), "not between 1900 and 2100"),
        (("digest", "--from", "2026-W60"), "--from: "),
        (("digest", "--from", "2026-W10", "--to", "2026"), "--to: not an ISO week"),
        (("digest", "--from", "2026-W10", "--to", "2026-W09"), "is after --to 2026-W09"),
        (("digest", "--from", "2090-W01"), "--from: 2090-W01 has not begun"),
        (("digest", "--to", "2026-W09"), "--to needs a --from"),
        (("digest", "--year", "2090"), "--year: 2090 has not begun"),
        (("digest", "--year", "26"), "--year: not between 1900 and 2100"),
        (("digest", "--year", "2026", "--week", "2026-W01"), "choose one of --week"),
        (("digest", "--week", "2026-W01", "--to", "2026-W01"), "choose one of --week"),
        (("digest", "--language", "xx"), "--language: none of az, en, ru, tr"),
        (("digest", "--dry-run"), "--dry-run goes with --mail"),
        (("digest", "--mail", "--dry-run", "--json"), "leave out --json"),
        (("digest", "--mail"), "no sender for the digest; set SOLIDARITY_MAIL_FROM"),
        (("schedule", "--mail"), "no sender for the digest; set SOLIDARITY_MAIL_FROM"),
        (("collect", "--database", ""), "--database is empty"),
        (("demo", "--database", "postgresql://a:b@c/d"), "needs a file"),
        (("sources", "check", "--sources", "none.yaml"), "cannot read none.yaml"),
        *(
            ((command, "--sources", "none.yaml"), "cannot read none.yaml")
            for command in ("curate", "status", "schedule", "demo", "sources")
        ),
        (("sources", "check", "nobody"), "no source nobody"),
        (("sources", "add", "x.example", "--sources", "none.yaml"), "cannot read none.yaml"),
        (("sources", "add", "ftp://x.example/"), "URL: neither http nor https"),
        (("sources", "add", "x.example", "--feed", "mailto:x"), "--feed: neither http nor https"),
        (("sources", "add", "x.example", "--id", "down"), "--id: another source has it"),
        (("sources", "add", "x.example", "--language", "xx"), "--language: not a code"),
        (("sources", "add", "x.example", "--country", "A"), "--country: not a code"),
        (("sources", "add", "x.example", "--publisher", "x"), "--publisher: none of state agency"),
        (("sources", "add", "x.example", "--time-zone", "x"), "--time-zone: none such as"),
        (("sources", "add", "127.0.0.1:9/feed"), "a feed of the source down"),
        (("sources", "add", "127.0.0.1"), "the site of the source down; add the address"),
        (("schedule", "--digest-at", "noon"), "mon 06:00"),
        (("backfill", "gone.warc.gz"), "gone.warc.gz: No such file"),
        (("backfill", "sources.yaml"), "sources.yaml: neither WARC, nor"),
    ],
)
def test_a_bad_option_is_one_clear_line(
    arguments: tuple[str, ...], said: str, folder: Path
) -> None:
    done = solidarity(*arguments, folder=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (folder / "db").exists(), "nothing was started"


def test_a_bad_sources_file_is_named_with_its_line(folder: Path) -> None:
    with (folder / "sources.yaml").open("a", encoding="utf-8") as handle:
        handle.write("  - {id: down, name: Twice}\n")
    done = solidarity("run", folder=folder)
    assert done.returncode == 2
    assert re.match(r"solidarity: sources\.yaml:\d+: ", done.stderr)
    assert not (folder / "db").exists()


def test_a_bad_variable_is_named(folder: Path) -> None:
    done = solidarity("collect", folder=folder, environment={"SOLIDARITY_GAP": "soon"})
    assert (done.returncode, "SOLIDARITY_GAP" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "command", [("status",), ("search", "x"), ("digest",), ("label", "1", "about")]
)
def test_without_an_archive_nothing_is_made(command: tuple[str, ...], folder: Path) -> None:
    done = solidarity(*command, folder=folder)
    assert done.returncode == 4
    assert "run `solidarity run` first" in done.stderr
    assert not (folder / "db").exists()


def test_a_path_in_the_place_of_a_url_is_answered_with_the_url(folder: Path) -> None:
    done = solidarity("status", "--database", f"{folder}/news.db", folder=folder)
    assert done.returncode == 4
    assert done.stderr.endswith(f": write sqlite:///{folder}/news.db\n")
    assert len(done.stderr.splitlines()) == 1


def test_a_database_server_that_is_not_there_is_one_clear_line(folder: Path) -> None:
    address = "postgresql://reader:secret@127.0.0.1:1/x"
    done = solidarity("status", "--database", address, folder=folder)
    assert done.returncode == 4
    [line] = done.stderr.splitlines()
    assert "Connection refused; Is the server running" in line
    assert "\N{REPLACEMENT CHARACTER}" not in line


@pytest.mark.parametrize("command", ["status", "collect"])
def test_a_database_of_another_program_is_left_alone(command: str, folder: Path) -> None:
    file = folder / "music.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE song (title TEXT)")
    before = file.read_bytes()
    done = solidarity(command, "--database", f"sqlite:///{file}", folder=folder)
    assert done.returncode == 4
    assert "music.db is a database, but no archive of this program" in done.stderr
    assert file.read_bytes() == before
    assert {one.name for one in folder.iterdir()} == {"music.db", "sources.yaml"}


def test_what_is_named_after_sources_check_wins(folder: Path) -> None:
    (folder / "sources.yaml").rename(folder / "other.yaml")
    for arguments in (("check", "--sources", "other.yaml"), ("--sources", "other.yaml", "check")):
        done = solidarity("sources", *arguments, folder=folder)
        assert (done.returncode, "not a public address" in done.stdout) == (1, True)


# --- how it ends -----------------------------------------------------------


def test_a_bug_has_an_exit_code_of_its_own(tmp_path: Path) -> None:
    program = "from pipeline.cli import door, commands; door.app.command('x')(lambda: 1 / 0); "
    program += "door.main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "x"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 70
    assert done.stderr.startswith("Traceback")
    assert done.stderr.splitlines()[-1].startswith("ZeroDivisionError")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("sources", 0),
        ("sources --json", 0),
        ("sources check", 1),
        ("--help", 0),
        ("run --help", 0),
        ("--version", 0),
    ],
)
def test_a_reader_that_has_gone_changes_nothing(
    arguments: str, code: int, folder: Path, started: Starter
) -> None:
    process = started(*arguments.split(), folder=folder)
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (code, "")


@pytest.mark.parametrize("arguments", ["sources", "sources --json", "--help", "--version"])
def test_an_output_that_cannot_be_written_is_one_clear_line(arguments: str, folder: Path) -> None:
    done = in_shell(f"{arguments} >/dev/full", folder=folder)
    said = "solidarity: cannot write the output: No space left on device\n"
    assert (done.returncode, done.stderr) == (4, said)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("sources >&-", 0),
        ("--help >&-", 0),
        ("sources check 2>&-", 1),
        ("status 2>&-", 4),
        ("sources <&- >&- 2>&-", 0),
        ("sources check 2>/dev/full", 1),
    ],
)
def test_a_stream_that_is_closed_has_no_reader(arguments: str, code: int, folder: Path) -> None:
    done = in_shell(arguments, folder=folder)
    assert (done.returncode, done.stderr) == (code, "")


def test_no_file_of_ours_takes_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    program = (
        "from pipeline.cli.output import prepare_streams; prepare_streams(); print('x'); "
        "file = open('ours', 'w'); print(file.fileno() > 2, file=file)"
    )
    command = f"{shlex.join([sys.executable, '-c', program])} <&- >&- 2>&-"
    subprocess.run(["sh", "-c", command], cwd=tmp_path, timeout=60, check=True)
    assert (tmp_path / "ours").read_text() == "True\n"


def test_a_letter_that_the_locale_has_not_is_no_failure(folder: Path) -> None:
    text = (folder / "sources.yaml").read_text("utf-8").replace("name: Down", "name: Dərgi")
    (folder / "sources.yaml").write_text(text, "utf-8")
    done = solidarity("sources", folder=folder, environment={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, "D?rgi" in done.stdout) == (0, True)


def test_a_job_is_done_though_nobody_reads_of_it(outlet: Path, started: Starter) -> None:
    process = started("run", folder=outlet)
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        stream.close()
    assert process.wait(timeout=60) == 0
    assert [file.suffix for file in (outlet / "reports").glob("*-W*.html")] == [".html"]


def test_ctrl_c_while_the_program_is_loading(tmp_path: Path, started: Starter) -> None:
    (tmp_path / "typer.py").write_text("import time\nprint('loading', flush=True)\ntime.sleep(60)")
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    process = started("run", folder=tmp_path, environment={"PYTHONPATH": path})
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, f"{FAREWELL}\n")


SLOW_TO_END = """
import time
from pipeline.cli import signals
signals.end_in_order()
try:
    print("at work", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_end_that_takes_long_is_announced_and_a_second_signal_ends_at_once(
    number: signal.Signals, tmp_path: Path, started: Starter
) -> None:
    process = started(folder=tmp_path, program=["-c", SLOW_TO_END])
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "at work\n"
    process.send_signal(number)
    assert "a second Ctrl-C ends at once" in process.stderr.readline()
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, f"{FAREWELL}\n")


CLEANING_UP = """
import time
from pipeline.cli import signals
class Thing:
    def __del__(self):
        print("cleaning up", flush=True)
        time.sleep(60)
signals.end_in_order()
try:
    Thing()
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_a_signal_is_not_lost_where_python_drops_what_is_raised(
    tmp_path: Path, started: Starter
) -> None:
    process = started(folder=tmp_path, program=["-c", CLEANING_UP])
    assert process.stdout is not None
    assert process.stdout.readline() == "cleaning up\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("interrupted\n", "")


def test_ctrl_c_is_not_meant_for_a_job_in_the_background(folder: Path, started: Starter) -> None:
    process = started("schedule", folder=folder, interruptible=False)
    assert process.stdout is not None
    assert "collect: begins" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert "collect: ends" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 130


# --- work ------------------------------------------------------------------


def test_when_no_source_answers_the_exit_code_is_3(folder: Path) -> None:
    done = solidarity("collect", "--json", folder=folder, environment=LOOPBACK)
    assert done.returncode == 3
    assert last_json(done)["feeds_failed"] == 1
    assert "no connection" in done.stdout
    status = solidarity("status", folder=folder)
    assert status.returncode == 0
    assert "no connection" in status.stdout


def test_private_addresses_are_refused_by_default(folder: Path) -> None:
    done = solidarity("collect", folder=folder)
    assert done.returncode == 3
    assert "not a public address" in done.stdout


FEED = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Pier</title>
{items}</channel></rss>"""
ITEM = "<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"
PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<nav><a href="/">Front page</a></nav><article><h1>{title}</h1><p>{text}</p><p>{more}</p></article>
</body></html>"""
ARTICLES = {
    "holiday": (
        "Solidarity Day of World Azerbaijanis marked on the pier",
        "The Solidarity Day of World Azerbaijanis was marked with a lantern walk on the pier.",
    ),
    "weather": (
        "Fog closes the harbour",
        "Ferries stayed in port on Monday because of thick fog over the whole bay.",
    ),
}
MORE = "About two hundred people came, and the café on the quay stayed open until midnight."


@pytest.fixture
def outlet(folder: Path) -> Iterator[Path]:
    """The folder, with a real outlet on loopback as its one source."""
    site = folder / "site"
    site.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        origin = f"http://127.0.0.1:{server.server_address[1]}"
        for name, (title, text) in ARTICLES.items():
            page = PAGE.format(title=title, text=text, more=MORE)
            (site / f"{name}-2025.html").write_text(page, "utf-8")
        items = "".join(
            ITEM.format(
                title=title, link=f"{origin}/{name}-2025.html", date=format_datetime(PUBLISHED)
            )
            for name, (title, _) in ARTICLES.items()
        )
        (site / "feed.xml").write_text(FEED.format(items=items), "utf-8")
        entry = "  - {id: pier, name: Pier, publisher: private, languages: [en], "
        entry += f'time_zone: Asia/Baku, feeds: [{{url: "{origin}/feed.xml"}}]}}\n'
        (folder / "sources.yaml").write_text(SOURCES + entry, "utf-8")
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield folder
        server.shutdown()
        thread.join()


PUBLISHED = datetime(2025, 12, 31, 9, tzinfo=UTC)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_the_whole_way_by_its_commands(outlet: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = solidarity(*arguments, folder=outlet, environment=LOOPBACK)
        assert done.returncode == 0, done.stderr
        return done

    figures = last_json(run("run", "--json"))
    outcomes = {name: figures[name] for name in ("addresses", "stored", "unrelated", "failed")}
    assert outcomes == {"addresses": 2, "stored": 1, "unrelated": 1, "failed": 0}
    again = last_json(run("collect", "--json"))
    assert again["stored"] == 0

    assert "1 article\n" in run("search", "LANTERN").stdout
    assert ARTICLES["holiday"][0] in run("search", "solidarity day").stdout
    assert "0 articles" in run("search", "fog").stdout
    assert "pier" in run("status").stdout
    assert "1 sources, 1 of them polled" in run("sources").stdout
    assert last_json(run("sources", "check", "--json")) == {"feeds": 1, "failed": 0}
    assert last_json(run("curate", "--json")) == {"curated": 0, "copies": 0, "rescored": 0}

    shown = run("show", "1").stdout
    assert ARTICLES["holiday"][0] in shown
    assert "named by:" in shown
    assert "nothing to compare" in run("show", "1", "--versions").stdout
    reread = last_json(run("curate", "--again", "--source", "pier", "--json"))
    assert reread["reread"] == {"same": 1}
    resting = last_json(run("collect", "--due", "--json"))
    assert (resting["feeds"], resting["feeds_resting"]) == (0, 1)

    made = last_json(run("digest", "--week", "2026-W01", "--reports", "out", "--json"))
    written = [f"out/2026-W01.{ending}" for ending in ("html", "md", "json")]
    assert made["files"] == [*written, "out/index.html", "out/feed.xml"]
    assert made["weeks"] == ["2026-W01"]
    text = (outlet / "out" / "2026-W01.md").read_text("utf-8")
    assert ARTICLES["holiday"][0] in text


def test_many_weeks_are_digested_at_once(outlet: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = solidarity(*arguments, folder=outlet, environment=LOOPBACK)
        assert done.returncode == 0, done.stderr
        return done

    run("collect")
    (outlet / "out").mkdir()
    (outlet / "out" / "2025-W40.json").write_text("{}")
    weeks = ("--from", "2025-W51", "--to", "2026-W02", "--language", "tr")
    done = run("digest", *weeks, "--reports", "out", "--json")
    assert last_json(done)["weeks"] == ["2025-W51", "2025-W52", "2026-W01", "2026-W02"]
    assert "out/2025-W40.json cannot be read as a digest" in done.stdout
    assert '<html lang="tr"' in (outlet / "out" / "index.html").read_text("utf-8")
    year = last_json(run("digest", "--year", "2020", "--reports", "year", "--json"))
    assert year["weeks"] == [f"2020-W{number:02d}" for number in range(1, 54)]


def test_digests_that_are_cut_off_say_how_far_they_are(folder: Path, started: Starter) -> None:
    Archive.open(f"sqlite:///{folder}/db/news.db", str(folder / "db" / "pages")).close()
    process = started("digest", "--from", "1900-W01", folder=folder)
    for _ in range(600):
        if list(folder.glob("reports/*.json")):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    last = errors.splitlines()[-1]
    found = re.fullmatch(
        r"solidarity: interrupted; (\d+) of (\d+) weeks are written, "
        r"index\.html and feed\.xml are not",
        last,
    )
    assert found, errors
    names = [file.name for file in (folder / "reports").glob("[0-9]*.json")]
    assert int(found[1]) in {len(names) - 1, len(names)}
    assert int(found[2]) > 6_000
    assert not (folder / "reports" / "index.html").exists()


def mail_settings(server: MailServer) -> dict[str, str]:
    return {
        "SOLIDARITY_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "SOLIDARITY_MAIL_FROM": "digest@news.example",
        "SOLIDARITY_MAIL_TO": "readers@news.example",
    }


@pytest.mark.parametrize(("stdout", "code"), [(">/dev/full", 4), (">&-", 0)])
def test_a_digest_is_mailed_though_its_result_cannot_be_printed(
    stdout: str, code: int, folder: Path
) -> None:
    Archive.open(f"sqlite:///{folder}/db/news.db", str(folder / "db" / "pages")).close()
    box = Postbox({})
    server = MailServer(box)
    server.start()
    try:
        done = in_shell(
            f"digest --mail --week 2026-W01 {stdout}",
            folder=folder,
            environment=mail_settings(server),
        )
    finally:
        server.stop()
    assert (done.returncode, len(box.received)) == (code, 1)
    assert "Traceback" not in done.stderr


def test_a_digest_is_mailed(outlet: Path) -> None:
    box = Postbox({"gone@news.example": "550 no such user"})
    server = MailServer(box)
    server.start()
    mail = {**LOOPBACK, **mail_settings(server)}

    def run(*more: str, **settings: str) -> subprocess.CompletedProcess[str]:
        options = ("digest", "--week", "2026-W01", "--mail", *more)
        return solidarity(*options, folder=outlet, environment={**mail, **settings})

    try:
        solidarity("collect", folder=outlet, environment=LOOPBACK)
        printed = run("--dry-run", SOLIDARITY_SMTP_URL="")
        assert (printed.returncode, box.received) == (0, [])
        message = message_from_string(printed.stdout)
        assert (message["To"], message.is_multipart()) == ("readers@news.example", True)

        done = run()
        assert (done.returncode, len(box.received)) == (0, 1)
        assert done.stdout.endswith("2026-W01: sent to readers@news.example\n")
        undated = [
            re.sub(r"(?m)^Date: .*\n", "", one)
            for one in (
                printed.stdout.strip(),
                box.received[0].content.decode().replace("\r\n", "\n").strip(),
            )
        ]
        assert undated[0] == undated[1]

        refused = run(SOLIDARITY_MAIL_TO="gone@news.example")
        assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
        assert "refused the recipient gone@news.example (550 no such user)" in refused.stderr
    finally:
        server.stop()
    silent = run()
    assert (silent.returncode, "Connection refused" in silent.stderr) == (3, True)
    assert silent.stdout.startswith("2026-W01: "), "it is written all the same"


def test_an_article_that_changed_is_shown_sentence_by_sentence(outlet: Path) -> None:
    solidarity("run", folder=outlet, environment=LOOPBACK)
    feed = outlet / "site" / "feed.xml"
    page = outlet / "site" / "holiday-2025.html"
    title, _ = ARTICLES["holiday"]
    for file in (feed, page):
        text = file.read_text("utf-8").replace(title, f"{title}, a day later")
        file.write_text(text.replace("until midnight", "until one"), "utf-8")
    done = solidarity("collect", "--json", folder=outlet, environment=LOOPBACK)
    assert last_json(done)["updated"] == 1, done.stdout
    lines = solidarity("show", "1", "--versions", folder=outlet).stdout.splitlines()
    assert f"-{title}" in lines
    assert f"+{title}, a day later" in lines
    assert any(line.startswith("-") and line.endswith("until midnight.") for line in lines)
    assert any(line.startswith("+") and line.endswith("until one.") for line in lines)


def test_what_is_not_there_is_one_clear_line(outlet: Path) -> None:
    solidarity("collect", folder=outlet, environment=LOOPBACK)
    for arguments, said in (
        (("show", "99"), "no article 99"),
        (("label", "99", "about"), "no article 99"),
        (("label", "1"), "name an article and what it is"),
        (("curate", "--again", "--source", "nobody"), "no source nobody"),
        (("curate", "--again", "--since", "yesterday"), "not a day such as 2026-12-31"),
        (("curate", "--since", "2026-12-31"), "go with --again"),
    ):
        done = solidarity(*arguments, folder=outlet)
        assert done.returncode == 2
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_status_says_what_the_operator_may_want_to_act_on(folder: Path) -> None:
    text = (folder / "sources.yaml").read_text("utf-8")
    changed = text.replace("feeds:", "verify_tls: false, feeds:")
    (folder / "sources.yaml").write_text(changed, "utf-8")
    solidarity("collect", folder=folder, environment=LOOPBACK)
    said = solidarity("status", folder=folder).stdout
    assert "down: http://127.0.0.1:9/feed failed: no connection" in said
    assert "down: its certificate is not checked" in said


def test_what_others_have_saved_is_taken_in(outlet: Path) -> None:
    def take(*files: str) -> subprocess.CompletedProcess[str]:
        return solidarity("backfill", *files, "--json", folder=outlet, environment=LOOPBACK)

    page = (outlet / "site" / "holiday-2025.html").read_bytes()
    write(outlet / "crawl.warc.gz", reply("http://courier.example/1", page), packed=True)
    [origin] = re.findall("http://127[^/]*", (outlet / "sources.yaml").read_text("utf-8"))
    (outlet / "list.txt").write_text(f"{origin}/holiday-2025.html\n", "utf-8")
    done = take("crawl.warc.gz", "list.txt")
    assert done.returncode == 0, done.stderr
    figures = last_json(done)
    wanted = {"files": 2, "faults": 0, "addresses": 2, "stored": 2, "failed": 0}
    assert {name: figures[name] for name in wanted} == wanted
    curated = {"curated": 2, "copies": 0, "rescored": 0}
    assert figures["curated"] == curated, "too few words for a copy"
    assert "2 addresses seen" in done.stdout

    (outlet / "notes.txt").write_text("Dear reader", "utf-8")
    cut = (outlet / "crawl.warc.gz").read_bytes()[:-9]
    (outlet / "cut.warc.gz").write_bytes(cut)
    again = take("crawl.warc.gz", "notes.txt", "cut.warc.gz")
    assert (again.returncode, last_json(again)["unchanged"]) == (1, 1)
    assert last_json(again)["faults"] == 2
    assert "notes.txt: neither WARC" in again.stdout
    assert "cut.warc.gz: cut short, at byte 0" in again.stdout


def test_a_check_that_finds_something_exits_with_1(folder: Path) -> None:
    done = solidarity("sources", "check", folder=folder, environment=LOOPBACK)
    assert done.returncode == 1
    assert "no connection" in done.stdout
    assert not (folder / "db").exists(), "a check stores nothing"


# --- extract -----------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [("-", "--json"), ("--jsonl", "-", "--out", "-", "--jobs", "1")]
)
def test_what_is_read_from_stdin_goes_to_stdout(arguments: tuple[str, ...], folder: Path) -> None:
    title, text = ARTICLES["weather"]
    html = PAGE.format(title=title, text=text, more=MORE)
    content = html if arguments[0] == "-" else json.dumps({"id": 1, "html": html})
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "extract", *arguments],
        cwd=folder,
        input=content,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [line] = done.stdout.splitlines()
    assert (json.loads(line)["title"], json.loads(line)["rejection"]) == (title, None)
    assert ("1 page in" in done.stderr) == ("--jsonl" in arguments)


def test_a_pile_that_is_cut_off_leaves_nothing(folder: Path, started: Starter) -> None:
    os.mkfifo(folder / "pages")
    process = started("extract", "--jsonl", "pages", "--out", "read", "--jobs", "1", folder=folder)
    with (folder / "pages").open("w") as pages:  # it has begun, and waits for the next line
        print(json.dumps({"id": 1, "html": "<p>"}), file=pages, flush=True)
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors.splitlines()[-1] == FAREWELL
    assert "Traceback" not in errors
    assert sorted(one.name for one in folder.iterdir()) == ["pages", "sources.yaml"]


# --- sources add -------------------------------------------------------------


@pytest.fixture
def newcomer() -> Iterator[str]:
    """An outlet on loopback, on another host than the sources that are there."""
    items = "".join(
        ITEM.format(
            title=f"Fog over the old harbour \x1b[2J, part {n}",
            link=f"/{n}",
            date=format_datetime(datetime.now(UTC) - timedelta(days=n)),
        )
        for n in range(1, 8)
    )
    head = "<meta property=og:site_name content='The # Harbour: \x1b[31mPost'>"
    head += "".join(f"<link rel=alternate type=text/xml href=/{one}>" for one in ("feed", "sport"))
    pages = {"/": f"<html lang=en><head>{head}</head><p>.</p>", "/feed": FEED.format(items=items)}
    pages["/sport"] = pages["/feed"]

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.2", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"127.0.0.2:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def add(
    *arguments: str, folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    loopback = {**LOOPBACK, **(environment or {})}
    return solidarity("sources", "add", *arguments, folder=folder, environment=loopback)


def test_an_outlet_is_added_by_its_address(newcomer: str, folder: Path) -> None:
    before = (folder / "sources.yaml").read_text("utf-8")
    done = add(newcomer, "--publisher", "independent", "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"add: \d of at most 24; (https?)://127", done.stderr) == [
        *("https", "http", "http", "http")
    ]
    assert "\x1b" not in done.stdout
    assert done.stdout.count("Fog over the old harbour") == 5
    assert "publisher  independent (as given)" in done.stdout
    assert "time_zone  Asia/Baku (a guess, from the topic)" in done.stdout
    assert f"  feed http://{newcomer}/sport (declared by the page): 7 entries" in done.stdout
    figures = last_json(done)
    assert (figures["added"], figures["entries"], figures["guessed"]) == (True, 7, ["time_zone"])
    after = (folder / "sources.yaml").read_text("utf-8")
    assert after.startswith(before.rstrip("\n"))
    assert 'name: "The # Harbour: [31mPost"' in after
    assert "found by `solidarity sources add`; guessed, to be checked: time_zone" in after

    identifier = str(figures["id"])
    check = solidarity("sources", "check", identifier, folder=folder, environment=LOOPBACK)
    assert check.returncode == 0, check.stdout
    for again in (newcomer, f"http://{newcomer}/feed"):
        done = add(again, folder=folder)
        assert (done.returncode, f"the source {identifier}" in done.stderr) == (2, True)
        assert len(done.stderr.splitlines()) == 1
    assert (folder / "sources.yaml").read_text("utf-8") == after


def test_a_dry_run_prints_the_entry_and_nothing_else(newcomer: str, folder: Path) -> None:
    before = (folder / "sources.yaml").read_text("utf-8")
    arguments = (newcomer, "--feed", "/sport", "--feed", "feed", "--id", "harbour")
    done = add(*arguments, "--dry-run", folder=folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "sources.yaml").read_text("utf-8") == before
    assert [line.strip() for line in done.stdout.splitlines() if "url" in line] == [
        f"- url: http://{newcomer}/sport",
        f"- url: http://{newcomer}/feed",
    ]
    assert add(*arguments, folder=folder).returncode == 0
    assert (folder / "sources.yaml").read_text("utf-8").endswith(f"\n{done.stdout}")


def test_what_is_not_found_is_told_with_all_that_was_asked(newcomer: str, folder: Path) -> None:
    before = (folder / "sources.yaml").read_text("utf-8")
    done = add(newcomer, "--feed", "/none", "--json", folder=folder)
    assert done.returncode == 1
    assert re.search(r"/none\s+picked by --feed\s+not found: HTTP 404", done.stdout)
    assert (last_json(done)["added"], last_json(done)["requests"]) == (False, 3)
    assert (folder / "sources.yaml").read_text("utf-8") == before


def test_a_list_in_brackets_is_left_alone(newcomer: str, folder: Path) -> None:
    text = (folder / "sources.yaml").read_text("utf-8")
    brackets = text.replace("sources:\n  - ", "sources: [").rstrip() + "]\n"
    (folder / "sources.yaml").write_text(brackets, "utf-8")
    done = add(newcomer, folder=folder)
    assert done.returncode == 2
    assert "is in brackets; write it with dashes, or paste this" in done.stderr.splitlines()[-1]
    assert (folder / "sources.yaml").read_text("utf-8") == brackets


def test_ctrl_c_while_an_outlet_is_looked_at(folder: Path, started: Starter) -> None:
    before = (folder / "sources.yaml").read_text("utf-8")
    with socket.create_server(("127.0.0.2", 0)) as silent:
        process = started(
            "sources", "add", f"http://127.0.0.2:{silent.getsockname()[1]}/", folder=folder
        )
        assert process.stderr is not None
        assert process.stderr.readline().startswith("add: 1 of at most 24; http://127.0.0.2")
        connection, _ = silent.accept()
        with connection:
            connection.recv(100)  # it has asked, and waits
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, f"{FAREWELL}\n")
    assert (folder / "sources.yaml").read_text("utf-8") == before


def test_an_archive_that_cannot_be_made_exits_with_4(folder: Path) -> None:
    (folder / "db").write_text("a file where a folder should be")
    done = solidarity("collect", folder=folder, environment=LOOPBACK)
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1


def told_to_end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Return how it ended, and what was not read of it yet."""
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    assert process.stderr is not None
    # Not `communicate`, which does not know what `readline` has read ahead.
    rest, errors = process.stdout.read(), process.stderr.read()
    return process.wait(30), rest, errors


def test_the_schedule_logs_what_it_does_and_makes_up_for_a_missed_digest(
    outlet: Path, started: Starter
) -> None:
    process = started("schedule", "--every", "60", folder=outlet)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(4)]
    assert told_to_end(process) == (130, "", f"{FAREWELL}\n")
    times, told = zip(*(re.split("(?<= UTC) ", line, maxsplit=1) for line in lines), strict=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", time) for time in times)
    assert told[0] == "collect: begins\n"
    assert json.loads(told[1].removeprefix("collect: ends: "))["stored"] == 1
    week = Week.of(datetime.now(UTC), ZoneInfo("Asia/Baku")).shifted(-1)
    assert told[2] == "digest: begins\n"
    assert told[3].startswith(f"digest: ends: {week}: ")
    assert len(list((outlet / "reports").glob(f"{week}.*"))) == 3

    process = started("schedule", folder=outlet)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(2)]
    time.sleep(0.5)
    assert told_to_end(process)[1] == "", "the digest that is there is not written again"


def test_the_schedule_sends_the_weekly_digest_if_it_is_told_to(
    outlet: Path, started: Starter
) -> None:
    box = Postbox({})
    server = MailServer(box)
    server.start()
    try:
        process = started("schedule", "--mail", folder=outlet, environment=mail_settings(server))
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        told_to_end(process)
    finally:
        server.stop()
    assert lines[3].endswith("sent to readers@news.example\n")
    [message] = box.received
    week = Week.of(datetime.now(UTC), ZoneInfo("Asia/Baku")).shifted(-1)
    assert str(week) in str(message_from_string(message.content.decode())["Subject"])


def test_the_schedule_says_when_it_will_send_again(outlet: Path, started: Starter) -> None:
    server = MailServer(Postbox({"DATA": "451 later"}))
    server.start()
    try:
        process = started("schedule", "--mail", folder=outlet, environment=mail_settings(server))
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        told_to_end(process)
    finally:
        server.stop()
    assert "digest: fails: no mail was sent: 127.0.0.1" in lines[3]
    assert re.search(r"; the next attempt is at \d\d:\d\d UTC\n$", lines[3])


def in_turn(outbox: Outbox, box: Postbox, written: WrittenReport) -> Iterator[str]:
    """Do what a schedule does, while the mail server takes more and more."""
    box.replies = {"DATA": "451 later"}
    with pytest.raises(MailError, match="try again later"):
        outbox.send(written)
    yield "nobody has it"
    box.replies = {"two@news.example": "451 later"}
    with pytest.raises(MailError, match=r"for two@news.example .*; the others have it"):
        outbox.send_again()
    yield "one has it"
    box.replies = {}
    yield outbox.send_again()
    yield outbox.send_again()


def test_what_was_not_taken_is_sent_again_to_those_who_do_not_have_it(tmp_path: Path) -> None:
    box = Postbox({})
    server = MailServer(box)
    server.start()
    settings = Settings(
        smtp_url=f"smtp://127.0.0.1:{server.port}",
        mail_from="digest@news.example",
        mail_to="one@news.example, two@news.example",
    )
    written = WrittenReport(
        digests=(), newest=digest_of("holiday"), overview=OverviewReport(weeks=0, files=())
    )
    try:
        told = list(in_turn(Outbox(settings), box, written))
    finally:
        server.stop()
    sent = f"{written.newest.week}: sent to two@news.example"
    assert told == ["nobody has it", "one has it", sent, "nothing is left to send"]
    recipients = [mail.recipients for mail in box.received]
    assert recipients == [["one@news.example"], ["two@news.example"]]


def test_a_failing_job_does_not_end_the_schedule(folder: Path, started: Starter) -> None:
    process = started("schedule", folder=folder, environment={"SOLIDARITY_REPORTS": "sources.yaml"})
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(4)]
    assert "digest: fails: cannot write the digest" in lines[3]
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


def test_the_collected_figures_are_there_though_curate_fails(outlet: Path) -> None:
    spoil = "CREATE TRIGGER spoilt BEFORE UPDATE ON article BEGIN SELECT RAISE(ABORT, 'no'); END"
    Archive.open(f"sqlite:///{outlet}/db/news.db", str(outlet / "db" / "pages")).close()
    with closing(sqlite3.connect(outlet / "db" / "news.db")) as connection:
        connection.execute(spoil)
    done = solidarity("run", "--json", folder=outlet, environment=LOOPBACK)
    assert done.returncode == 4
    assert "2 addresses seen" in done.stdout


# --- cut off ---------------------------------------------------------------


class SilentHost:
    """An outlet with articles, the last of which is not answered while it is silent."""

    NAMES = ("north", "south", "east", "west", "hill")

    def __init__(self) -> None:
        self.asked = Event()  # for the page that is not answered
        self._released = Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self.speak()
        self._socket.close()

    def speak(self) -> None:
        """Be silent no more."""
        self._released.set()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(ConnectionError):
            path = connection.recv(65_536).split()[1].decode()
            if path == f"/{self.NAMES[-1]}" and not self._released.is_set():
                self.asked.set()
                self._released.wait()
            status, body = self._reply(path)
            head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body.encode())}\r\n"
            head += f"Content-Type: text/{'xml' if path == '/feed' else 'html'}; charset=utf-8\r\n"
            connection.sendall(f"{head}Connection: close\r\n\r\n{body}".encode())

    def _reply(self, path: str) -> tuple[str, str]:
        name = path.removeprefix("/")
        date = format_datetime(PUBLISHED)
        if name == "feed":
            items = [
                ITEM.format(title=one, link=f"{self.origin}/{one}", date=date) for one in self.NAMES
            ]
            return "200 OK", FEED.format(items="".join(items))
        if name not in self.NAMES:
            return "404 Not Found", ""
        title = f"Solidarity Day of World Azerbaijanis marked in the {name}"
        text = f"The Solidarity Day of World Azerbaijanis was marked in the {name} of the bay."
        return "200 OK", PAGE.format(title=title, text=text, more=f"{MORE} {name} " * 3)


@pytest.fixture
def silent(folder: Path) -> Iterator[SilentHost]:
    """The one source of the folder."""
    host = SilentHost()
    entry = "  - {id: bay, name: Bay, publisher: private, languages: [en], "
    entry += f'time_zone: Asia/Baku, feeds: [{{url: "{host.origin}/feed"}}]}}\n'
    (folder / "sources.yaml").write_text(SOURCES + entry, "utf-8")
    yield host
    host.close()


def filed(folder: Path) -> list[str]:
    """Return the addresses of the articles in the archive."""
    with closing(sqlite3.connect(folder / "db" / "news.db", timeout=30)) as connection:
        return [url for (url,) in connection.execute("SELECT url FROM article")]


def wait_for(number: int, folder: Path) -> None:
    """Wait until so many articles are filed."""
    for _ in range(600):
        if len(filed(folder)) >= number:
            return
        time.sleep(0.05)
    pytest.fail(f"{number} articles were not filed in half a minute")


@pytest.mark.parametrize(
    ("number", "whole_group"),
    [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGTERM, True)],
    ids=["ctrl-c", "kill", "systemd"],
)
def test_a_run_that_is_cut_off_ends_in_order_and_the_next_one_goes_on(
    number: signal.Signals, whole_group: bool, folder: Path, silent: SilentHost, started: Starter
) -> None:
    process = started("run", folder=folder)
    assert silent.asked.wait(60)
    (os.killpg if whole_group else os.kill)(process.pid, number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output == ""
    assert errors.splitlines()[-1] == FAREWELL
    assert "Traceback" not in errors
    assert_nothing_is_lost(folder, silent)


def test_a_backfill_that_is_cut_off_ends_in_order_and_the_next_run_goes_on(
    folder: Path, silent: SilentHost, started: Starter
) -> None:
    lines = "\n".join(f"{silent.origin}/{name}" for name in silent.NAMES)
    (folder / "list.txt").write_text(lines, "utf-8")
    process = started("backfill", "list.txt", folder=folder)
    assert silent.asked.wait(60)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors.splitlines()[-1] == FAREWELL
    assert_nothing_is_lost(folder, silent)


def test_a_run_that_is_told_twice_ends_at_once_without_a_trace(
    folder: Path, silent: SilentHost, started: Starter
) -> None:
    process = started("run", folder=folder)
    assert silent.asked.wait(60)
    wait_for(1, folder)
    os.killpg(process.pid, signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (130, "", f"{FAREWELL}\n")
    assert_nothing_is_lost(folder, silent)


def test_a_run_that_is_killed_loses_nothing_and_doubles_nothing(
    folder: Path, silent: SilentHost, started: Starter
) -> None:
    process = started("run", folder=folder)
    assert silent.asked.wait(60)
    wait_for(1, folder)
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert_nothing_is_lost(folder, silent)


def assert_nothing_is_lost(folder: Path, silent: SilentHost) -> None:
    silent.speak()
    done = solidarity("run", "--json", folder=folder, environment=LOOPBACK)
    assert done.returncode == 0, done.stderr
    assert sorted(filed(folder)) == sorted(f"{silent.origin}/{name}" for name in silent.NAMES)
    again = solidarity("collect", "--json", folder=folder, environment=LOOPBACK)
    assert (last_json(again)["stored"], last_json(again)["failed"]) == (0, 0)
