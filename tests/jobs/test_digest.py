"""The digest of a week is made from the archive, the same bytes each time."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import StoreError
from pipeline.jobs.curate import curate
from pipeline.jobs.digest import write_digest
from pipeline.model import Week
from tests.jobs.conftest import World

#: What is asked of the database here, `tests/store` and other jobs ask of PostgreSQL too.
DATABASES = ("sqlite",)

HOLIDAY = Week(2026, 1)


def made(world: World, week: Week, reports: Path) -> dict[str, Path]:
    report = write_digest(
        world.archive, week, world.catalogue.topic, sources_hash="test", reports=reports
    )
    return {file.suffix: file for file in report.files}


@pytest.fixture
def curated(world: World) -> World:
    world.collect()
    curate(world.archive)
    return world


def test_a_week_is_written_three_ways(curated: World, tmp_path: Path) -> None:
    files = made(curated, HOLIDAY, tmp_path / "new" / "reports")
    assert {suffix: file.name for suffix, file in files.items()} == {
        ".html": "2026-W01.html",
        ".md": "2026-W01.md",
        ".json": "2026-W01.json",
    }
    assert sorted(file.name for file in (tmp_path / "new" / "reports").iterdir()) == sorted(
        file.name for file in files.values()
    )


def test_the_same_archive_gives_the_same_bytes(curated: World, tmp_path: Path) -> None:
    once = made(curated, HOLIDAY, tmp_path / "once")
    again = made(curated, HOLIDAY, tmp_path / "again")
    for suffix, file in once.items():
        assert file.read_bytes() == again[suffix].read_bytes()


def test_each_number_comes_from_the_query_beside_it(curated: World, tmp_path: Path) -> None:
    data = json.loads(made(curated, HOLIDAY, tmp_path)[".json"].read_text("utf-8"))
    figures = {name: figure["value"] for name, figure in data["figures"].items()}
    queries = data["made_from"]
    assert set(queries) <= set(figures)
    with curated.archive.reading() as connection:
        counted = {
            name: connection.scalar(sa.text(query.replace(":", r"\:")))
            for name, query in queries.items()
        }
    assert counted == {name: figures[name] for name in queries}
    assert counted["articles"] > counted["texts"] > 1


def test_the_outcomes_of_a_digest_add_up(curated: World, tmp_path: Path) -> None:
    data = json.loads(made(curated, HOLIDAY, tmp_path)[".json"].read_text("utf-8"))
    method = data["method"]
    assert sum(method["outcomes"].values()) == method["addresses_seen"] > 0


def test_text_of_earlier_years_is_recognised(curated: World, tmp_path: Path) -> None:
    data = json.loads(made(curated, HOLIDAY, tmp_path)[".json"].read_text("utf-8"))
    recycled = {one.url for one in curated.newsroom.articles if one.recycles}
    again: list[float] = []
    fresh: list[float] = []
    for story in data["stories"]:
        [first, *_] = story["articles"]
        shares = again if first["url"] in recycled else fresh
        shares.append(story["share_seen_before"])
    assert again
    assert min(again) > 0.5 > max(fresh)
    assert data["recycled"]["passages"]


def test_an_empty_week_and_an_empty_archive_say_so(world: World, tmp_path: Path) -> None:
    files = made(world, Week(2025, 30), tmp_path)
    data = json.loads(files[".json"].read_text("utf-8"))
    assert {figure["value"] for figure in data["figures"].values()} == {0}
    assert "2025-W30" in files[".html"].read_text("utf-8")


def test_a_digest_that_cannot_be_written_leaves_the_old_one(curated: World, tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file where a folder should be")
    with pytest.raises(StoreError, match="cannot write"):
        made(curated, HOLIDAY, tmp_path / "reports")
    assert (tmp_path / "reports").read_text() == "a file where a folder should be"
