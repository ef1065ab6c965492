"""`show` tells what an article repeats, where it was printed first, and in which years."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.door import app
from pipeline.store.database import Archive
from tests.fakes import NOW, days, read_article, source
from tests.store.filing import file_article, start
from tests.test_labelling import SOURCES

A, B = source("a"), source("b")
LONG = " and the harbour" * 12
OLD = [f"Boat {word} left the pier of the old town at noon{LONG}." for word in ["one", "two"]]
THINGS = "choir school bridge tower market garden museum library station theatre mill"
STOCK = [
    f"The {thing} opened its {thing}doors while {thing}men sang {thing}songs by {thing}lake."
    for thing in THINGS.split()
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with sources.yaml, and an archive in which 2 repeats 1, and 3 repeats nothing."""
    (tmp_path / "sources.yaml").write_text(SOURCES, "utf-8")
    archive = Archive.open(f"sqlite:///{tmp_path / 'db/news.db'}", str(tmp_path / "db/pages"))
    run = start(archive, A, B)
    for outlet, text, at in (
        (B, [*STOCK, OLD[0]], NOW - days(365)),
        (A, [*STOCK, OLD[1]], NOW),
        (A, ["The fog stayed."], NOW),
    ):
        url = f"http://{outlet.id}.example/{len(text)}"
        file_article(archive, run, outlet, read_article(url, "\n\n".join(text), published_at=at))
    archive.close()
    return tmp_path


def show(folder: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> tuple[str, float]:
    monkeypatch.chdir(folder)
    shown = CliRunner().invoke(app, ["show", str(number), "--json"], catch_exceptions=False).stdout
    lines, _, figures = shown.rpartition("\n{")
    share = json.loads("{" + figures)["share_seen_before"]
    assert isinstance(share, float)
    return lines, share


def test_what_was_printed_before_is_told_with_its_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, share = show(folder, 2, monkeypatch)
    assert share == 1.0
    assert "100% of its words were printed before:" in shown
    assert f"  “{STOCK[0]}”\n    first 2025-" in shown
    assert "by B, http://b.example/12\n    2025 × 1\n" in shown
    assert "  and 2 more" in shown
    assert f"“{OLD[1][:100].rstrip()} …”" not in shown  # of those that came as often, ten


def test_of_what_is_new_nothing_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, share = show(folder, 3, monkeypatch)
    assert share == 0.0
    assert "printed before" not in shown
