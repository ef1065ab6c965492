"""The demo, run whole: four years of the newsroom, and nothing of the operator's touched."""

import json
from pathlib import Path

import pytest

from pipeline.demo.run import MARK, run_demo
from pipeline.errors import ConfigError
from pipeline.model import Topic
from pipeline.settings import Settings
from pipeline.sources import parse_sources


@pytest.fixture(scope="module")
def topic() -> Topic:
    text = (Path(__file__).parents[2] / "sources.yaml").read_text("utf-8")
    return parse_sources(text).topic


def test_the_demo_leaves_the_digests_of_its_weeks(topic: Topic, tmp_path: Path) -> None:
    shown: list[tuple[int, int, str]] = []
    settings = Settings(reports=str(tmp_path / "reports"))
    report = run_demo(
        topic, settings, folder=tmp_path / "demo", show=lambda *step: shown.append(step)
    )
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
    again = run_demo(topic, settings, folder=tmp_path / "demo")
    assert [one.headline for one in again.digests] == [one.headline for one in report.digests]


def test_a_real_digest_is_not_overwritten(topic: Topic, tmp_path: Path) -> None:
    real = tmp_path / "2026-W01.json"
    real.write_text('{"topic": "The real one"}')
    with pytest.raises(ConfigError, match="is a real digest"):
        run_demo(topic, Settings(reports=str(tmp_path)), folder=tmp_path / "demo")
    assert real.read_text() == '{"topic": "The real one"}'
    assert not (tmp_path / "demo").exists()
