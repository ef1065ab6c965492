"""The demo, run whole: four years of the newsroom, and nothing of the operator's touched."""

import json
from pathlib import Path

import pytest

from pipeline.demo.run import MARK, demo_database, run_demo
from pipeline.errors import ConfigError, StoreError
from pipeline.model import Topic
from pipeline.settings import Settings
from pipeline.sources import parse_sources


@pytest.fixture(scope="module")
def topic() -> Topic:
    text = (Path(__file__).parents[2] / "sources.yaml").read_text("utf-8")
    return parse_sources(text).topic


def test_the_demo_leaves_the_digests_of_its_weeks(topic: Topic, tmp_path: Path) -> None:
    shown: list[tuple[int, int, str]] = []
    database, settings = tmp_path / "demo" / "news.db", Settings(reports=str(tmp_path / "reports"))

    def show(done: int, total: int, week: str) -> None:
        if not shown:  # a second one leaves the first one's archive alone
            with pytest.raises(StoreError, match="another demo is at work"):
                run_demo(topic, settings, database=database)
        shown.append((done, total, week))

    report = run_demo(topic, settings, database=database, show=show)
    assert report.main_file == tmp_path / "reports" / "2026-W01.html"
    assert report.main_file.exists()
    assert shown[-1][0] == shown[-1][1] == len(report.digests)
    holiday = json.loads(report.main_file.with_suffix(".json").read_text("utf-8"))
    assert MARK in holiday["topic"]
    figures = holiday["figures"]
    assert figures["articles"]["value"] > figures["articles"]["last_year"] > 0
    assert figures["languages"]["value"] == 6
    assert holiday["method"]["reasons"] == {"not found": 1, "robots.txt forbids it": 1}
    assert len(holiday["coverage"]["seasons"]) == 4
    # and once more, over its own files
    again = run_demo(topic, settings, database=database)
    assert [one.headline for one in again.digests] == [one.headline for one in report.digests]


def test_a_real_digest_is_not_overwritten(topic: Topic, tmp_path: Path) -> None:
    real = tmp_path / "2026-W01.json"
    real.write_text('{"topic": "The real one"}')
    with pytest.raises(ConfigError, match="is a real digest"):
        run_demo(topic, Settings(reports=str(tmp_path)), database=tmp_path / "demo/news.db")
    assert real.read_text() == '{"topic": "The real one"}'
    assert not (tmp_path / "demo").exists()


def test_a_real_archive_is_not_overwritten(topic: Topic, tmp_path: Path) -> None:
    settings = Settings(reports=str(tmp_path / "reports"))
    for name in ("news.db", "other.db"):
        (tmp_path / "pages").mkdir(exist_ok=True)
        (tmp_path / "news.db").write_bytes(b"the real one")
        with pytest.raises(ConfigError, match="has a real archive"):
            run_demo(topic, settings, database=tmp_path / name)
        assert sorted(file.name for file in tmp_path.iterdir()) == ["news.db", "pages"]
        assert (tmp_path / "news.db").read_bytes() == b"the real one"


def test_what_cannot_be_removed_is_said(topic: Topic, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    (folder / "news.db").mkdir(parents=True)
    (folder / "demo.lock").touch()
    with pytest.raises(StoreError, match="cannot remove"):
        run_demo(topic, Settings(reports=str(tmp_path)), database=folder / "news.db")
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot write"):
        run_demo(topic, Settings(reports=str(tmp_path)), database=tmp_path / "file" / "news.db")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql://a:b@c/d", "x"])
def test_the_demos_archive_is_a_file(url: str) -> None:
    with pytest.raises(ConfigError, match="needs a file"):
        demo_database(url)
    assert demo_database("sqlite:////srv/a/b.db") == Path("/srv/a/b.db")
