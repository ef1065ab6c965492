"""The digest of a week is made from the archive, the same bytes each time."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
import sqlalchemy as sa

from pipeline.errors import ConfigError, StoreError
from pipeline.jobs.curate import curate
from pipeline.jobs.digest import write_digest, write_digests
from pipeline.model import Week
from pipeline.store.tables import article, run
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
    assert sorted(file.name for file in (tmp_path / "new" / "reports").iterdir()) == [
        "2026-W01.html",
        "2026-W01.json",
        "2026-W01.md",
        "feed.xml",
        "index.html",
    ]


def test_the_same_archive_gives_the_same_bytes(curated: World, tmp_path: Path) -> None:
    once = made(curated, HOLIDAY, tmp_path / "once")
    again = made(curated, HOLIDAY, tmp_path / "again")
    for suffix, file in once.items():
        assert file.read_bytes() == again[suffix].read_bytes()


def read(files: dict[str, Path]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files[".json"].read_text("utf-8"))
    return data


def test_each_number_comes_from_the_query_beside_it(curated: World, tmp_path: Path) -> None:
    data = read(made(curated, HOLIDAY, tmp_path))
    queries = data["made_from"]
    with curated.archive.reading() as connection:
        rows = {
            name: [tuple(row) for row in connection.execute(sa.text(query.replace(":", r"\:")))]
            for name, query in queries.items()
        }
    numbers = {name: found[0][0] for name, found in rows.items() if found and len(found[0]) == 1}
    figures = {name: figure["value"] for name, figure in data["figures"].items()}
    assert numbers == {
        **{name: figures[name] for name in ("articles", "texts", "outlets", "languages")},
        "mentions": len(data["mentions"]),
        "sources_asked": data["method"]["sources_asked"],
        "addresses_seen": data["method"]["addresses_seen"],
    }
    assert numbers["articles"] > numbers["texts"] > 1
    coverage, method = data["coverage"], data["method"]
    assert rows["per_day"] == [tuple(coverage["days"].values())]
    assert dict(rows["per_publisher"]) == coverage["publishers"]
    assert dict(rows["per_language"]) == coverage["languages"]
    assert dict(rows["outcomes"]) == {k: n for k, n in method["outcomes"].items() if n}
    assert dict(rows["reasons"]) == method["reasons"]
    assert dict(rows["failing"]) == {one["id"]: one["failures"] for one in method["failing"]}
    assert queries.keys() - numbers.keys() == {
        "per_day", "per_publisher", "per_language", "outcomes", "reasons", "failing",
    }  # fmt: skip


def test_a_week_in_which_nothing_was_asked_is_not_a_zero(curated: World, tmp_path: Path) -> None:
    week = HOLIDAY.shifted(20)
    figures = read(made(curated, week, tmp_path))["figures"]
    assert figures["articles"]["last_week"] is None
    watched = week.shifted(-1).start(curated.catalogue.topic.zone)
    with curated.archive.writing() as connection:
        connection.execute(sa.update(run).values(started_at=watched))
    figures = read(made(curated, week, tmp_path))["figures"]
    assert figures["articles"]["last_week"] == 0


def test_a_season_is_counted_day_by_day(curated: World, tmp_path: Path) -> None:
    data = read(made(curated, HOLIDAY, tmp_path))
    season = data["coverage"]["seasons"][-1]
    first = date.fromisoformat(season["first_day"])
    counted = {(first + timedelta(days=n)).isoformat(): k for n, k in enumerate(season["per_day"])}
    days = data["coverage"]["days"]
    assert {day: counted[day] for day in days} == days
    assert list(counted)[-1] == data["last_day"]


def test_a_late_article_makes_a_new_revision(curated: World, tmp_path: Path) -> None:
    with curated.archive.writing() as connection:
        over = {"started_at": HOLIDAY.end(curated.catalogue.topic.zone), "version": "test"}
        values = {**over, "sources_hash": "test", "pages_file": "", "job": "collect"}
        connection.execute(sa.insert(run).values(values))
    first = made(curated, HOLIDAY, tmp_path)
    published = {suffix: file.read_bytes() for suffix, file in first.items()}
    with curated.archive.writing() as connection:  # as if one had not come yet
        late = connection.execute(
            sa.select(article.c.id, article.c.url, article.c.verdict)
            .where(article.c.verdict == "about", article.c.published_at >= sa.text("'2025-12-29'"))
            .limit(1)
        ).one()
        only = article.c.id == late.id
        connection.execute(sa.update(article).where(only).values(verdict="unrelated"))
    without = read(made(curated, HOLIDAY, tmp_path / "late"))
    assert without["revision"] == 1
    with curated.archive.writing() as connection:
        connection.execute(sa.update(article).where(only).values(verdict="about"))
    data = read(made(curated, HOLIDAY, tmp_path / "late"))
    assert (data["is_over"], data["revision"]) == (True, 2)
    [revision] = data["revisions"]
    assert [one["url"] for one in revision["added"]] == [late.url]
    assert revision["figures"]["articles"]["after"] == data["figures"]["articles"]["value"]
    again = read(made(curated, HOLIDAY, tmp_path / "late"))
    assert again == data  # nothing has changed since
    # and where nothing changed from the beginning, not a byte does
    same = made(curated, HOLIDAY, tmp_path)
    assert {suffix: file.read_bytes() for suffix, file in same.items()} == published


def test_the_front_page_has_every_week_of_the_folder(curated: World, tmp_path: Path) -> None:
    shown: list[tuple[int, int, str]] = []
    weeks = [HOLIDAY.shifted(-1), HOLIDAY]
    (tmp_path / "2020-W01.json").write_text("no digest", "utf-8")
    (tmp_path / "notes.json").write_text("not ours", "utf-8")
    written = write_digests(
        curated.archive,
        weeks,
        curated.catalogue.topic,
        sources_hash="test",
        reports=tmp_path,
        language="tr",
        show=lambda *step: shown.append(step),
    )
    assert [one.week for one in written.digests] == weeks
    assert shown == [(1, 2, "2025-W52"), (2, 2, "2026-W01")]
    assert (written.overview.weeks, [f.name for f in written.overview.unread]) == (
        2,
        ["2020-W01.json"],
    )
    page = (tmp_path / "index.html").read_text("utf-8")
    assert '<html lang="tr"' in page
    assert page.index("2026-W01.html") < page.index("2025-W52.html")
    assert len(feedparser.parse((tmp_path / "feed.xml").read_bytes()).entries) == 2


def test_an_unknown_language_writes_nothing(curated: World, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no digest in 'xx'"):
        write_digest(
            curated.archive,
            HOLIDAY,
            curated.catalogue.topic,
            sources_hash="test",
            reports=tmp_path / "reports",
            language="xx",
        )
    assert not (tmp_path / "reports").exists()


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
