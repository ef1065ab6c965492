"""The collector against a newsroom on loopback: everything once, and whatever happens."""

import multiprocessing
import os
import signal
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pipeline.demo.content import FURNITURE
from pipeline.errors import StoreError
from pipeline.jobs.collect import Progress, collect
from pipeline.jobs.curate import curate
from pipeline.model import Outcome, Reason, Verdict
from pipeline.store import articles
from pipeline.store.database import Archive
from pipeline.store.pages import PageLocation
from pipeline.store.runs import count_outcomes, start_run
from pipeline.store.sources import save_sources
from pipeline.store.tables import address, article, article_text, page, run, tally
from pipeline.urls import normalize_url
from tests.fakes import NOW
from tests.fakes import page as reply
from tests.jobs.conftest import World


def rows(world: World, *columns: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
    with world.archive.reading() as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns))]


def shown(world: World) -> dict[str, Verdict]:
    """What the newsroom lists and gives: our spelling of each address, with its label."""
    listed = [
        one
        for outlet in world.newsroom.outlets
        for one in world.newsroom.newest(outlet, until=None)[:25]
    ]
    return {normalize_url(one.url): one.relevance for one in listed if one.readable}


def test_every_article_is_filed_as_a_reader_would_file_it(world: World) -> None:
    report = world.collect()
    filed = {
        str(key): Verdict(verdict) for key, verdict in rows(world, article.c.key, article.c.verdict)
    }
    wanted = {key: label for key, label in shown(world).items() if label is not Verdict.UNRELATED}
    assert filed == wanted
    counts = Counter(shown(world).values())
    assert report.outcomes == {
        Outcome.STORED: counts[Verdict.ABOUT],
        Outcome.MENTION: counts[Verdict.MENTION],
        Outcome.UNRELATED: counts[Verdict.UNRELATED],
        Outcome.FAILED: 2,
    }
    assert report.reasons == {Reason.NOT_FOUND: 1, Reason.ROBOTS: 1}
    assert not report.feeds_failed


def test_titles_and_moments_are_those_that_were_printed(world: World) -> None:
    world.collect()
    by_key = {normalize_url(one.url): one for one in world.newsroom.articles}
    filed = rows(world, article.c.key, article.c.title, article.c.published_at)
    for key, title, published_at in filed:
        printed = by_key[key]
        assert title == printed.title
        # what claims to be of next month was published by now at the latest
        latest = min(printed.published_at, NOW)
        assert abs(published_at - latest) < timedelta(minutes=1), printed.id


def test_no_furniture_and_no_gap_in_any_text(world: World) -> None:
    world.collect()
    by_key = {normalize_url(one.url): one for one in world.newsroom.articles}
    with world.archive.reading() as connection:
        joined = sa.select(article.c.key, article_text.c.text).join(article_text)
        texts = {row.key: row.text for row in connection.execute(joined)}
    for key, text in texts.items():
        assert [word for word in FURNITURE if word in text] == [], key
        printed = " ".join(" ".join(by_key[key].paragraphs).split())
        assert " ".join(text.split()) == printed, key


def test_each_page_is_asked_for_once_and_the_forbidden_one_never(world: World) -> None:
    world.collect()
    world.collect()
    pages = Counter(
        {
            (host, path): times
            for host, paths in world.server.requests.items()
            for path, times in paths.items()
        }
    )
    by_address = {(one.outlet.host, one.target): one for one in world.newsroom.articles}
    asked = {one.id: pages[place] for place, one in by_address.items()}
    assert {times for one, times in asked.items() if times} == {1}
    forbidden = [one.id for one in world.newsroom.articles if not (one.readable or one.gone)]
    assert [asked[one] for one in forbidden] == [0]


def test_a_second_run_finds_nothing_new(world: World) -> None:
    world.collect()
    before = rows(world, article.c.key, article.c.id)
    report = world.collect()
    assert rows(world, article.c.key, article.c.id) == before
    assert set(report.outcomes) <= {Outcome.UNCHANGED}
    assert report.feeds_polled == 10


def test_outcomes_in_the_database_add_up_to_the_addresses(world: World) -> None:
    world.collect()
    curate(world.archive)
    [(counted,)] = rows(world, sa.func.sum(tally.c.addresses))
    assert counted == len(rows(world, address.c.id))
    by_outcome = Counter(outcome for (outcome,) in rows(world, address.c.outcome))
    with world.archive.reading() as connection:
        outcomes, _ = count_outcomes(connection, [1])
    assert by_outcome == {outcome.value: number for outcome, number in outcomes.items() if number}


def test_the_raw_pages_of_what_is_kept_can_be_read_again(world: World) -> None:
    world.collect()
    kept = rows(world, page.c.file, page.c.start, page.c.size, page.c.final_url)
    assert len(kept) == len(rows(world, article.c.id))
    for file, start, size, url in kept:
        body, _ = world.archive.pages.read(PageLocation(file, start, size))
        assert b"<html" in body.lower(), url


def test_copies_are_counted_as_copies(world: World) -> None:
    world.collect()
    report = curate(world.archive)
    labelled = {normalize_url(a.url) for a in world.newsroom.articles if a.copy_of and a.readable}
    with world.archive.reading() as connection:
        numbers = connection.scalars(sa.select(article.c.id)).all()
        filed = {one.id: one for one in articles.find_articles(connection, numbers)}
    copies = {
        normalize_url(one.article.url)
        for one in filed.values()
        if one.representative_id != one.id
        and filed[one.representative_id].source.id != one.source.id
    }
    assert copies == labelled
    assert report.copies == len(labelled)
    assert curate(world.archive).curated == 0, "running again changes nothing"


# --- what fails costs only itself ------------------------------------------


def test_a_source_that_is_down_costs_only_itself(world: World) -> None:
    host = world.newsroom.outlets[0].host
    feed = world.newsroom.outlets[0].feeds[0].path
    world.with_sources(
        f"""
  - {{id: good, name: Good, publisher: private, languages: [az], time_zone: UTC,
     feeds: [{{url: "http://{host}{feed}"}}]}}
  - {{id: refused, name: Refused, publisher: private, languages: [az], time_zone: UTC,
     feeds: [{{url: "http://127.0.0.1:9/feed"}}]}}
  - {{id: missing, name: Missing, publisher: private, languages: [az], time_zone: UTC,
     feeds: [{{url: "http://{host}/no-such-feed"}}]}}
  - {{id: no-feed, name: No feed, publisher: private, languages: [az], time_zone: UTC,
     feeds: [{{url: "http://{host}/"}}]}}
"""
    )
    report = world.collect()
    assert report.outcomes[Outcome.STORED] > 0
    assert len(report.feeds_failed) == 3
    assert not report.all_failed


def test_when_no_source_answers_the_report_says_so(world: World) -> None:
    world.with_sources(
        """
  - {id: refused, name: Refused, publisher: private, languages: [az], time_zone: UTC,
     feeds: [{url: "http://127.0.0.1:9/feed"}]}
"""
    )
    report = world.collect()
    assert report.all_failed
    assert report.outcomes == {}


def test_loopback_is_refused_unless_it_is_allowed(world: World) -> None:
    world.settings = replace(world.settings, allowed_networks=())
    report = world.collect()
    assert report.all_failed
    assert world.server.requests == {}


def test_a_run_that_is_interrupted_goes_on_next_time(world: World) -> None:
    def interrupt(so_far: Progress) -> None:
        # The first pages that come may all be about something else.
        if so_far.pages_done >= 5 and rows(world, article.c.id):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.collect(show=interrupt)
    assert not [one.name for one in threading.enumerate() if one.name.startswith("fetch-")]
    assert rows(world, run.c.ended_at)[0] == (None,)
    assert 0 < len(rows(world, article.c.id)) < len(shown(world))
    world.collect()
    filed = {str(key) for (key,) in rows(world, article.c.key)}
    wanted = {key for key, label in shown(world).items() if label is not Verdict.UNRELATED}
    assert filed == wanted
    assert len(rows(world, page.c.id)) == len(filed), "no page without its article"


def test_a_bug_stops_the_run(world: World) -> None:
    def buggy(_: Progress) -> None:
        raise LookupError("a bug")

    with pytest.raises(LookupError):
        world.collect(show=buggy)


def test_a_second_run_at_the_same_time_is_refused(world: World) -> None:
    with world.archive.only_writer(), pytest.raises(StoreError, match="another run"):
        world.collect()


# --- what kills ------------------------------------------------------------


def test_a_reader_that_is_killed_costs_no_article(world: World) -> None:
    victims: set[int] = set()

    def kill(so_far: Progress) -> None:
        if so_far.pages_done and not victims:
            victims.update(child.pid for child in multiprocessing.active_children() if child.pid)
            for pid in victims:
                os.kill(pid, signal.SIGKILL)

    report = world.collect(show=kill)
    assert victims
    assert report.reasons == {Reason.NOT_FOUND: 1, Reason.ROBOTS: 1}
    filed = {str(key) for (key,) in rows(world, article.c.key)}
    assert filed == {key for key, label in shown(world).items() if label is not Verdict.UNRELATED}


def test_what_a_killed_run_left_in_the_pages_is_cut_off(world: World) -> None:
    with world.archive.writing() as connection:
        save_sources(connection, world.catalogue.sources)
        killed = start_run(connection, now=NOW, version="1", sources_hash="h")
    world.archive.pages.begin(killed.pages_file)
    world.archive.pages.append(reply("http://a.example/never-named"))
    world.archive.pages.close()
    [left] = files_of_pages(world)
    world.collect()
    assert left not in files_of_pages(world)
    assert len(files_of_pages(world)) == 1


def test_archives_may_share_a_folder_of_pages(world: World, tmp_path: Path) -> None:
    world.collect()
    kept = rows(world, page.c.file, page.c.start, page.c.size)
    second = Archive.open(f"sqlite:///{tmp_path}/second.db", str(tmp_path / "pages"))
    (tmp_path / "pages" / "precious-crawl.warc.gz").write_bytes(b"mine")
    for _ in range(2):
        collect(second, world.catalogue, world.settings, clock=world.clock, readers=world.readers)
    second.close()
    for location in kept:
        assert world.archive.pages.read(PageLocation(*location))[0]
    assert (tmp_path / "pages" / "precious-crawl.warc.gz").read_bytes() == b"mine"


def files_of_pages(world: World) -> list[str]:
    return sorted(file.name for file in world.archive.pages._folder.glob("*"))
