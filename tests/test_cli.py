"""The command line as its users meet it: what it prints, and how it exits."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

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

COMMANDS = ("run", "collect", "curate", "digest", "schedule", "status", "search", "demo")


def test_help_names_every_command_and_the_exit_codes(tmp_path: Path) -> None:
    done = solidarity("--help", folder=tmp_path)
    assert done.returncode == 0
    for command in (*COMMANDS, "sources", "Exit codes"):
        assert command in done.stdout


@pytest.mark.parametrize("command", [*COMMANDS, "sources", "sources check"])
def test_every_help_has_an_example(command: str, tmp_path: Path) -> None:
    done = solidarity(*command.split(), "--help", folder=tmp_path)
    assert done.returncode == 0
    assert re.search(rf"Example: solidarity {command.split(maxsplit=1)[0]}", done.stdout)


def test_the_readme_names_every_command_and_variable() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [one for one in COMMANDS if f"solidarity {one}" not in readme] == []
    code = (ROOT / "pipeline" / "settings.py").read_text("utf-8")
    variables = set(re.findall(r'"(SOLIDARITY_\w+)"', code))
    assert [one for one in variables if one not in readme] == []


# --- what cannot be used ---------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "--sources", "none.yaml"), "cannot read none.yaml"),
        (("digest", "--week", "2025-W53"), "--week"),
        (("digest", "--week", "last"), "not an ISO week such as 2026-W53"),
        (("collect", "--database", ""), "--database is empty"),
        (("sources", "check", "nobody"), "no source nobody"),
        (("schedule", "--digest-at", "noon"), "mon 06:00"),
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


@pytest.mark.parametrize("command", [("status",), ("search", "x"), ("digest",)])
def test_without_an_archive_nothing_is_made(command: tuple[str, ...], folder: Path) -> None:
    done = solidarity(*command, folder=folder)
    assert done.returncode == 4
    assert "run `solidarity run` first" in done.stderr
    assert not (folder / "db").exists()


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
    assert last_json(run("curate", "--json")) == {"curated": 0, "copies": 0}

    made = last_json(run("digest", "--week", "2026-W01", "--reports", "out", "--json"))
    assert made["files"] == [f"out/2026-W01.{ending}" for ending in ("html", "md", "json")]
    text = (outlet / "out" / "2026-W01.md").read_text("utf-8")
    assert ARTICLES["holiday"][0] in text


def test_a_check_that_finds_something_exits_with_1(folder: Path) -> None:
    done = solidarity("sources", "check", folder=folder, environment=LOOPBACK)
    assert done.returncode == 1
    assert "no connection" in done.stdout
    assert not (folder / "db").exists(), "a check stores nothing"


def test_an_archive_that_cannot_be_made_exits_with_4(folder: Path) -> None:
    (folder / "db").write_text("a file where a folder should be")
    done = solidarity("collect", folder=folder, environment=LOOPBACK)
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1


def test_interrupted_it_says_so_and_exits_with_130(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "schedule", "--every", "60"],
        cwd=folder,
        env={**os.environ, **LOOPBACK},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()  # the first collecting run is done
    assert "collect" in line
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "solidarity: interrupted; the next run goes on from here"
