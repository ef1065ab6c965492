"""`label`, and what `show` and `curate` tell of it, as their users meet them."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.door import app
from pipeline.cli.signals import FAREWELL
from pipeline.errors import ConfigError, StoreError
from pipeline.model import EntityMention, Evidence, Keep, ReadArticle, Relevance, Verdict
from pipeline.store.database import Archive
from tests.fakes import NOW, days, read_article, source
from tests.jobs.test_judging import file_labelled, practical, read
from tests.store.filing import file_article, start
from tests.test_learning import examples

A, B = source("a"), source("b")

SOURCES = """
topic:
  name: Lantern Day
  time_zone: UTC
  names: {en: [lantern day of the river towns]}
  short_names: {en: [lantern day]}
  subjects: {en: [river town*]}
  settings: {en: [lanterns]}
  season: {start: "02-01", day: "02-09", end: "02-12"}
  entities:
    - {id: mill, name: The Mill, kind: place, spellings: {en: [the mill]}}
sources:
  - {id: a, name: A, publisher: private, languages: [en], time_zone: UTC,
     feeds: [{url: "http://a.example/feed"}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with sources.yaml, and an archive with three articles: 1 is the least certain."""
    (tmp_path / "sources.yaml").write_text(SOURCES, "utf-8")
    archive = opened(tmp_path)
    run = start(archive, A, B)
    for place, score in enumerate((0.6, 0.5, 0.7), 1):
        file_article(archive, run, A, doubtful(place, score))
    archive.close()
    return tmp_path


def opened(folder: Path) -> Archive:
    return Archive.open(f"sqlite:///{folder / 'db/news.db'}", str(folder / "db/pages"))


def doubtful(place: int, score: float) -> ReadArticle:
    """An article with a name deep in its text."""
    beginning = "The ferry came late, and the fog stayed. " * 20
    sentence = f"On page {place}, LANTERN DAY came to the mill."
    made = read_article(
        f"http://a.example/{place}",
        f"{beginning}{sentence} The fog stayed.",
        title=f"Number {place}",
        published_at=NOW - days(place),
    )
    evidence = Evidence(phrase="lantern day", where="text", form="lantern day")
    verdict = Verdict.ABOUT if score >= 0.6 else Verdict.MENTION
    named = EntityMention(entity_id="mill", count=2, form="the mill", in_title=False)
    return replace(
        made,
        relevance=Relevance(verdict=verdict, score=score, evidence=(evidence,)),
        entities=(named, replace(named, entity_id="gone", count=1, in_title=True)),
    )


def call(folder: Path, *arguments: str, typed: str | None = None) -> Result:
    options = [
        *("--database", f"sqlite:///{folder / 'db/news.db'}"),
        *("--sources", str(folder / "sources.yaml")),
    ]
    return CliRunner().invoke(app, [*arguments, *options], input=typed)


def lines(folder: Path, *arguments: str, typed: str | None = None) -> list[str]:
    done = call(folder, *arguments, typed=typed)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def figures(folder: Path, *arguments: str, typed: str | None = None) -> dict[str, object]:
    found: dict[str, object] = json.loads(lines(folder, *arguments, "--json", typed=typed)[-1])
    return found


# --- one article -----------------------------------------------------------


def test_a_label_says_what_the_article_was_and_is(folder: Path) -> None:
    assert lines(folder, "label", "1", "unrelated") == [
        "1  Number 1",
        "was about by the rules; is unrelated by your label now",
    ]
    told = {"id": 1, "was": "unrelated", "is": "mention", "judged_by": "label"}
    assert figures(folder, "label", "1", "mention") == told
    assert lines(folder, "label", "1", "--remove") == [
        "1  Number 1",
        "was mention by your label; is about by the rules now",
    ]
    assert lines(folder, "label", "1", "--remove")[1] == "has no label; it is about by the rules"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("99", "about"), "no article 99"),
        (("99", "--remove"), "no article 99"),
        ((), "name an article and what it is"),
        (("1",), "name an article and what it is"),
        (("--remove",), "--remove goes with the number"),
        (("1", "about", "--remove"), "--remove goes with the number"),
        (("1", "about", "--review"), "--review goes without the number"),
        (("1", "--report"), "--report goes without the number"),
        (("--report", "--review"), "--review and --report do not go together"),
    ],
)
def test_what_cannot_be_meant_is_one_clear_line(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = call(folder, "label", *arguments)
    assert isinstance(done.exception, ConfigError)
    assert said in str(done.exception)


def test_a_verdict_that_is_none_is_refused(folder: Path) -> None:
    assert call(folder, "label", "1", "perhaps").exit_code == 2


@pytest.mark.parametrize("arguments", [("1", "about"), ("--review",), ("--report",)])
def test_a_label_makes_no_archive(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "sources.yaml").write_text(SOURCES, "utf-8")
    done = call(tmp_path, "label", *arguments)
    assert isinstance(done.exception, StoreError)
    assert "no archive yet" in str(done.exception)
    assert not (tmp_path / "db").exists()


def test_show_tells_who_judged_and_what_is_named(folder: Path) -> None:
    rules = "by the rules about, 0.60: “lantern day” in the text"
    shown = lines(folder, "show", "1")
    assert shown[shown.index(rules) + 1] == "names: gone × 1 (in the title), The Mill × 2"
    call(folder, "label", "1", "unrelated")
    shown = lines(folder, "show", "1")
    assert re.fullmatch(
        r"unrelated, as labelled on \d{4}-\d\d-\d\d \d\d:\d\d UTC", shown[shown.index(rules) - 1]
    )
    told = figures(folder, "show", "1")
    assert (told["verdict"], told["judged_by"]) == ("unrelated", "label")
    assert told["entities"] == {"gone": 1, "mill": 2}


def test_show_tells_why_an_article_without_a_name_was_kept(folder: Path) -> None:
    archive = opened(folder)
    all_of_it = replace(source("c"), keep=Keep.ALL)
    run = start(archive, A, all_of_it)
    file_article(archive, run, all_of_it, read_article("http://c.example/1", "One."))
    file_article(archive, run, A, read_article("http://a.example/9", "Two.", title="Nine"))
    archive.close()
    why = "by the rules about, 0.90: "
    assert f"{why}all that its source publishes is on topic" in lines(folder, "show", "4")
    assert f"{why}no name of the topic" in lines(folder, "show", "5")


# --- one by one ------------------------------------------------------------


def test_the_least_certain_are_offered_with_what_helps_to_judge(folder: Path) -> None:
    shown = lines(folder, "label", "--review", typed="q\n")
    assert shown[1:5] == [
        "[1 of 3] 1  Number 1",
        "A (private, en), 2026-01-01",
        "http://a.example/1",
        "about by the rules, 0.60",
    ]
    assert shown[5] == "  > On page 1, LANTERN DAY came to the mill."
    assert shown[7].startswith("The ferry came late")
    assert shown[7].endswith("…")
    assert len(shown[7]) <= 502
    assert shown[-2:] == [
        "a about · m mention · u unrelated · s skip · q quit?",
        "0 labelled, 0 skipped",
    ]


def test_answers_are_lines_where_there_is_no_terminal(folder: Path) -> None:
    told = figures(folder, "label", "--review", typed="what?\n U \ns\nmention\n")
    assert told == {
        "waiting": 3,
        "labelled": 2,
        "about": 0,
        "mention": 1,
        "unrelated": 1,
        "skip": 1,
    }
    assert figures(folder, "label", "--report")["by_verdict"] == {
        "about": 0,
        "mention": 1,
        "unrelated": 1,
    }
    assert figures(folder, "label", "--review", typed="")["waiting"] == 1, "the one skipped"


def test_where_nothing_waits_nothing_is_asked(folder: Path) -> None:
    for number in "123":
        call(folder, "label", number, "about")
    assert lines(folder, "label", "--review") == ["0 labelled, 0 skipped"]


def test_a_long_sentence_is_shown_about_its_name(folder: Path) -> None:
    archive = opened(folder)
    text = "fog and " * 60 + "Lantern Day " + "and fog " * 60
    made = read_article("http://a.example/7", text, title="Long")
    made = replace(made, relevance=doubtful(7, 0.6).relevance)
    file_article(archive, start(archive, A), A, made)
    archive.close()
    shown = lines(folder, "label", "--review", typed="s\ns\ns\nq\n")
    [told] = [line for line in shown if "Lantern Day" in line and line.startswith("  > ")]
    assert told.startswith("  > … ")
    assert told.endswith(" …")
    assert len(told) < 320


def start_process(folder: Path, *arguments: str, stdin: int = subprocess.PIPE) -> "Process":
    kept = {name: value for name, value in os.environ.items() if "SOLIDARITY" not in name}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", "label", *arguments],
            cwd=folder,
            env=kept,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)


Process = subprocess.Popen[str]


def wait_for(process: Process, text: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(text)


def test_ctrl_c_keeps_what_was_labelled(folder: Path) -> None:
    process = start_process(folder, "--review")
    assert process.stdin is not None
    process.stdin.write("m\n")
    process.stdin.flush()
    wait_for(process, "[2 of 3]")
    wait_for(process, "quit?")
    process.send_signal(signal.SIGINT)
    told, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, f"{FAREWELL}\n")
    assert "1 labelled, 0 skipped" in told
    assert figures(folder, "label", "--report")["labels"] == 1


@pytest.mark.parametrize(("last", "code"), [("q", 0), ("\x04", 0), ("\x03", 130)])
def test_on_a_terminal_a_key_is_enough(folder: Path, last: str, code: int) -> None:
    ours, theirs = pty.openpty()
    process = start_process(folder, "--review", stdin=theirs)
    for key in ("u", "S", last):
        wait_for(process, "quit?")
        while termios.tcgetattr(theirs)[3] & termios.ICANON:  # not listening to keys yet
            time.sleep(0.01)
        os.write(ours, key.encode())
    told, _ = process.communicate(timeout=60)
    os.close(theirs)
    os.close(ours)
    assert process.returncode == code
    assert "1 labelled, 1 skipped" in told


# --- what the labels teach -------------------------------------------------


def test_the_report_says_how_many_are_missing(folder: Path) -> None:
    call(folder, "label", "1", "mention")
    shown = lines(folder, "label", "--report")
    assert shown[0] == "1 label: 0 about, 1 mention, 0 unrelated"
    assert shown[1].startswith("50 are needed for a model")
    told = figures(folder, "label", "--report")
    assert (told["labels"], told["needed"], told["model"]) == (1, 50, None)


def test_with_labels_enough_they_are_measured_and_judge(folder: Path) -> None:
    archive = opened(folder)
    run = start(archive, A, B)
    file_labelled(archive, run, examples(60))
    new = file_article(archive, run, B, read("http://b.example/1", practical(1)))
    archive.close()
    shown = lines(folder, "label", "--report")
    assert shown[0] == "60 labels: 30 about, 30 mention, 0 unrelated"
    assert shown[1] == "of 60 of them the rules are unsure; how these are judged:"
    at = shown.index("rules: 50.0% right")
    assert [line.split() for line in shown[at + 1 : at + 5]] == [
        ["labelled", "→", "about", "→", "mention", "→", "unrelated"],
        ["about", "30", "0", "0"],
        ["mention", "30", "0", "0"],
        ["unrelated", "0", "0", "0"],
    ]
    told = figures(folder, "label", "--report")
    rules, model = told["rules"], told["model"]
    assert isinstance(rules, dict)
    assert isinstance(model, dict)
    assert rules["judged"]["mention"] == {"about": 30, "mention": 0, "unrelated": 0}
    assert model["right"] > 0.9

    curated = lines(folder, "curate")[-1]
    assert curated.endswith("; 4 judged from your labels"), "three that were there, and the new one"
    shown = lines(folder, "show", str(new))
    assert any(re.fullmatch(r"mention, 0\.\d\d, as a model of the labels says", s) for s in shown)
    assert "was mention by the model; is about by your label now" in lines(
        folder, "label", str(new), "about"
    )
