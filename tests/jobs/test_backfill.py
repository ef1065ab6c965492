"""Pages and addresses from files: the same outcomes and the same dedupe as if fetched."""

import gzip
import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from warcio.archiveiterator import ArchiveIterator

from pipeline.demo.content import DemoArticle, Newsroom
from pipeline.demo.pages import article_page
from pipeline.errors import ConfigError, StoreError
from pipeline.jobs import backfill as backfill_module
from pipeline.jobs import intake
from pipeline.jobs.backfill import BackfillReport, Progress, backfill, sort_out
from pipeline.jobs.curate import curate
from pipeline.model import Outcome, Reason, Verdict
from pipeline.store.crawls import CrawlFile, FileKind
from pipeline.store.database import Archive
from pipeline.store.runs import Job
from pipeline.store.tables import address, article, article_text, page, run, source, tally
from pipeline.urls import normalize_url
from tests.fakes import NOW
from tests.jobs.conftest import World
from tests.warc import reply, warc, write

#: What is asked of the database here, `tests/store` and other jobs ask of PostgreSQL too.
DATABASES = ("sqlite",)

STORED, UNCHANGED, FAILED = Outcome.STORED, Outcome.UNCHANGED, Outcome.FAILED


def rows(archive: Archive, *columns: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
    with archive.reading() as connection:
        return sorted(map(tuple, connection.execute(sa.select(*columns))), key=repr)


def take(world: World, *files: CrawlFile, **more: Any) -> BackfillReport:
    facts = {"clock": world.clock, "readers": world.readers, **more}
    archive = facts.pop("archive", world.archive)
    return backfill(archive, world.catalogue, world.settings, files, **facts)


def counted(report: BackfillReport) -> dict[Outcome, int]:
    return {outcome: number for outcome, number in report.outcomes.items() if number}


def readable(newsroom: Newsroom) -> list[DemoArticle]:
    return [one for one in newsroom.articles if one.readable]


def about(world: World) -> DemoArticle:
    """An article about the holiday, of an outlet that writes UTF-8."""
    return next(
        one
        for one in readable(world.newsroom)
        if one.relevance is Verdict.ABOUT and one.outlet.charset == "utf-8"
    )


def record(world: World, one: DemoArticle, **more: Any) -> bytes:
    headers = [("Content-Type", f"text/html; charset={one.outlet.charset}")]
    return reply(one.url, article_page(world.newsroom, one), headers=headers, **more)


# --- a crawl -----------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_crawl_is_filed_as_a_reader_would_file_it(
    world: World, tmp_path: Path, packed: bool
) -> None:
    articles = readable(world.newsroom)
    crawl = write(tmp_path / "crawl", *(record(world, one) for one in articles), packed=packed)
    report = take(world, crawl)
    labels = Counter(one.relevance for one in articles)
    assert counted(report) == {
        STORED: labels[Verdict.ABOUT],
        Outcome.MENTION: labels[Verdict.MENTION],
        Outcome.UNRELATED: labels[Verdict.UNRELATED],
    }
    assert report.faults == []
    filed = dict(rows(world.archive, article.c.key, article.c.verdict))
    wanted = {
        normalize_url(one.url): one.relevance.value
        for one in articles
        if one.relevance is not Verdict.UNRELATED
    }
    assert filed == wanted


def test_it_belongs_to_its_source_and_is_as_old_as_the_crawl(world: World, tmp_path: Path) -> None:
    one = about(world)
    take(world, write(tmp_path / "crawl", record(world, one, date="2026-01-02T07:00:00Z")))
    [found] = rows(world.archive, article.c.source_id, article.c.first_seen_at)
    assert found == (one.outlet.id, datetime(2026, 1, 2, 7, tzinfo=UTC))
    assert rows(world.archive, address.c.due_at) == [(None,)], "it is not looked at again"


def test_the_raw_page_is_kept(world: World, tmp_path: Path) -> None:
    take(world, write(tmp_path / "crawl", record(world, about(world))))
    [(file,)] = rows(world.archive, page.c.file)
    with (tmp_path / "pages" / file).open("rb") as handle:
        bodies = [r.content_stream().read() for r in ArchiveIterator(handle) if r.http_headers]
    assert bodies == [article_page(world.newsroom, about(world))]


def test_a_second_time_nothing_is_read_and_each_counts_once(world: World, tmp_path: Path) -> None:
    records = [record(world, one) for one in readable(world.newsroom)]
    crawl = write(tmp_path / "crawl", *records, *records[:9])
    report = take(world, crawl, crawl)
    assert sum(report.outcomes.values()) == len(records)
    before = rows(world.archive, article.c.id, article.c.key, article.c.version)
    again = take(world, crawl, readers=None)
    assert counted(again) == {UNCHANGED: len(records)}
    assert rows(world.archive, article.c.id, article.c.key, article.c.version) == before


def test_batches_do_not_show(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BATCH", 5)
    monkeypatch.setattr(intake, "BATCH_BYTES", 20_000)
    articles = readable(world.newsroom)
    gone = [reply(one.url, b"", status="404 Not Found") for one in articles]
    parts = [*gone[:20], *(record(world, one) for one in articles), *gone[20:], *gone]
    shown: list[Progress] = []
    report = take(world, write(tmp_path / "crawl", *parts), show=shown.append)
    assert sum(report.outcomes.values()) == len(articles)
    assert counted(report).get(FAILED) is None
    assert len(shown) > 12
    assert (shown[-1].bytes_done, shown[-1].addresses) == (shown[-1].bytes, len(parts))
    assert shown[-1].stored == report.outcomes[STORED]


def test_what_a_run_of_ours_kept_gives_the_same_articles(world: World, tmp_path: Path) -> None:
    world.collect()
    facts = (
        article.c.key,
        article.c.source_id,
        article.c.title,
        article.c.verdict,
        article_text.c.text,
    )
    same = sa.select(*facts).join(article_text).order_by(article.c.key)
    other = Archive.open(f"sqlite:///{tmp_path / 'other.db'}", str(tmp_path / "other"))
    files, faults = sort_out(sorted((tmp_path / "pages").iterdir()))
    report = take(world, *files, archive=other)
    assert ([file.kind for file in files], faults, report.faults) == ([FileKind.WARC], [], [])
    with world.archive.reading() as ours, other.reading() as theirs:
        assert theirs.execute(same).all() == ours.execute(same).all()
    other.close()


def test_as_common_crawl_writes_it(world: World, tmp_path: Path) -> None:
    one = about(world)
    body = article_page(world.newsroom, one)
    headers = [
        ("Content-Type", "text/html; charset=UTF-8"),
        ("X-Crawl-Content-Encoding", "gzip"),
        ("X-Crawl-Content-Length", "4711"),
        ("Content-Length", str(len(body))),
        ("X-Crawl-Transfer-Encoding", "chunked"),
    ]
    parts = [
        reply("", b"robots: classic\r\n", kind="warcinfo", status=""),
        reply(one.url, b"GET / HTTP/1.1\r\n\r\n", kind="request", status=""),
        reply(one.url, body, headers=headers),
        reply(one.url, b"fetchTimeMs: 12\r\n", kind="metadata", status=""),
    ]
    report = take(world, write(tmp_path / "CC-NEWS.warc.gz", *parts, packed=True))
    assert (counted(report), report.faults) == ({STORED: 1}, [])


# --- whose it is -------------------------------------------------------------

ELSEWHERE = "http://az.courier.example"


def elsewhere(world: World, path: str, one: DemoArticle) -> bytes:
    """The page of an article, at an outlet that nobody knows."""
    return reply(f"{ELSEWHERE}/{path}", article_page(world.newsroom, one))


def test_an_unknown_outlet_is_filed_when_it_has_an_article(world: World, tmp_path: Path) -> None:
    articles = [one for one in readable(world.newsroom) if one.outlet.charset == "utf-8"]
    unrelated = [one for one in articles if one.relevance is Verdict.UNRELATED]
    hosts = (f"http://paper{n}.example/{n}" for n in count())
    others = [
        reply(url, article_page(world.newsroom, one))
        for url, one in zip(hosts, unrelated, strict=False)
    ]
    take(world, write(tmp_path / "crawl", *others, elsewhere(world, "1", about(world))))
    found = {id_: by for id_, by in rows(world.archive, source.c.id, source.c.found_by) if by}
    assert found == {"backfill": "backfill", "az.courier.example": "backfill"}
    assert rows(world.archive, article.c.source_id) == [("az.courier.example",)]
    by_source = Counter(one for (one,) in rows(world.archive, address.c.source_id))
    assert by_source == {"backfill": len(others) + 1}


def test_a_page_of_an_aggregator_is_nobodys_article(world: World, tmp_path: Path) -> None:
    world.with_sources(
        "  - {id: search, name: Search, publisher: aggregator, languages: [en], time_zone: UTC,\n"
        '     feeds: [{url: "https://search.example/feed"}]}\n'
    )
    body = article_page(world.newsroom, about(world))
    report = take(world, write(tmp_path / "crawl", reply("https://search.example/1", body)))
    assert report.reasons == {Reason.UNRESOLVED: 1}


def test_copies_are_found_among_what_came_in(world: World, tmp_path: Path) -> None:
    one = about(world)
    parts = [record(world, one), elsewhere(world, "copy", one)]
    take(world, write(tmp_path / "crawl", *parts))
    assert curate(world.archive).copies == 1


# --- what is known already ---------------------------------------------------


def test_what_was_collected_is_unchanged(world: World, tmp_path: Path) -> None:
    world.collect()
    before = rows(world.archive, address.c.id, address.c.outcome, address.c.due_at)
    filed = {key for (key,) in rows(world.archive, address.c.key)}
    articles = [one for one in readable(world.newsroom) if normalize_url(one.url) in filed]
    crawl = write(tmp_path / "crawl", *(record(world, one) for one in articles))
    assert counted(take(world, crawl)) == {UNCHANGED: len(articles)}
    assert rows(world.archive, address.c.id, address.c.outcome, address.c.due_at) == before


def test_what_could_not_be_fetched_is_read_from_the_crawl(world: World, tmp_path: Path) -> None:
    world.collect()
    failed = sa.select(address.c.url, address.c.source_id, address.c.first_seen_at)
    with world.archive.reading() as connection:
        lost = connection.execute(failed.where(address.c.outcome == FAILED)).all()
    body = article_page(world.newsroom, about(world)).replace(b"</h1>", b" (once more)</h1>")
    crawl = [reply(row.url, body + row.url.encode()) for row in lost]
    report = take(world, write(tmp_path / "crawl", *crawl))
    assert len(lost) == 2
    assert FAILED not in counted(report)
    with world.archive.reading() as connection:
        assert connection.execute(failed.where(address.c.outcome == FAILED)).all() == []
    seen = dict(rows(world.archive, address.c.url, address.c.first_seen_at))
    assert {seen[row.url] for row in lost} == {datetime(2025, 12, 31, 18, 30, tzinfo=UTC)}


def test_what_the_crawl_has_no_page_of_is_fetched_when_a_feed_names_it(
    world: World, tmp_path: Path
) -> None:
    gone = [reply(one.url, b"", status="503 Busy") for one in world.newsroom.articles]
    report = take(world, write(tmp_path / "crawl", *gone, *gone))
    assert report.reasons == {Reason.SERVER_ERROR: len(gone)}
    assert rows(world.archive, address.c.id) == []
    assert world.collect().outcomes[STORED] > 50


def test_what_comes_later_in_the_crawl_counts_as_found(world: World, tmp_path: Path) -> None:
    one = about(world)
    busy = reply(one.url.replace("http:", "https:"), b"", status="503 Busy")
    first, second = (
        write(tmp_path / name, *parts)
        for name, parts in (("a", [busy]), ("b", [record(world, one), busy]))
    )
    report = take(world, first, second)
    assert counted(report) in ({STORED: 1}, {FAILED: 0, STORED: 1})
    assert sum(number for (number,) in rows(world.archive, tally.c.addresses)) == 1


def test_of_what_failed_only_the_last_is_remembered(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "BATCH", 1)
    monkeypatch.setattr(intake, "MISSED", 2)
    paths = ("1", "2", "2", "1", "3", "1")  # the last is not known any more
    gone = [reply(f"http://a.example/{one}", b"", status="404 Not Found") for one in paths]
    assert counted(take(world, write(tmp_path / "crawl", *gone))) == {FAILED: 4}


def test_every_way_to_end_is_counted(world: World, tmp_path: Path) -> None:
    one = about(world)
    parts = [
        record(world, one),
        reply("http://a.example/gone", b"", status="410 Gone"),
        reply("http://a.example/moved", b"", status="301 Moved", headers=[("Location", "/")]),
        reply("http://a.example/picture", b"\x89PNG", headers=[("Content-Type", "image/png")]),
        reply("http://a.example/feed", b"<?xml version='1.0'?><rss></rss>"),
        reply("http://a.example/large", bytes(world.settings.page_bytes + 1)),
        reply("http://localhost/", b"<p>x"),
        reply("http://a.example/empty", b"<html><body></body></html>"),
        reply("dns:a.example", b"a.example. 60 IN A 192.0.2.1", kind="resource", status=""),
    ]
    report = take(world, write(tmp_path / "crawl", *parts))
    assert counted(report) == {STORED: 1, FAILED: 2, Outcome.REJECTED: 4}
    assert report.reasons == {
        Reason.GONE: 1,
        Reason.TOO_LARGE: 1,
        Reason.NOT_HTML: 2,
        Reason.BAD_ADDRESS: 1,
        Reason.EMPTY: 1,
    }


# --- damage ------------------------------------------------------------------


def test_of_a_damaged_crawl_the_rest_is_taken_in(world: World, tmp_path: Path) -> None:
    articles = [one for one in readable(world.newsroom) if one.relevance is Verdict.ABOUT][:4]
    packed = [warc(record(world, one)) for one in articles]
    packed[1] = packed[1][:-30]
    packed[3] = packed[3][:-30]
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(packed))
    sound = write(tmp_path / "other", record(world, articles[1]))
    report = take(world, *sort_out([path])[0], sound)
    keys = {key for (key,) in rows(world.archive, article.c.key)}
    assert keys == {normalize_url(one.url) for one in articles[:3]}
    [fault] = report.faults
    assert fault.startswith(f"{path}: ")
    assert fault.endswith(f", at byte {len(packed[0])}; and 1 more of its like")


def test_a_file_without_pages_is_named(world: World, tmp_path: Path) -> None:
    wet = write(
        tmp_path / "wet", reply("http://a.example/1", b"words", kind="conversion", status="")
    )
    assert take(world, wet).faults == [f"{tmp_path / 'wet'}: no page in it"]


def test_files_that_cannot_be_taken_in_are_told_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear reader,\n")
    (tmp_path / "list.txt").write_text("https://a.example/1\n")
    files, faults = sort_out([tmp_path / "notes.txt", tmp_path / "list.txt", tmp_path / "gone"])
    assert [file.path.name for file in files] == ["list.txt"]
    assert [fault.partition(": ")[0] for fault in faults] == [
        str(tmp_path / "notes.txt"),
        str(tmp_path / "gone"),
    ]
    with pytest.raises(ConfigError, match=r"neither WARC.*; .*gone: No such file"):
        sort_out([tmp_path / "notes.txt", tmp_path / "gone"])


# --- kills -------------------------------------------------------------------


class _KilledError(BaseException):
    """What happens to a process at any moment."""


def test_a_kill_costs_a_batch_and_the_same_command_heals_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "BATCH", 10)
    articles = readable(world.newsroom)
    crawl = write(tmp_path / "crawl", *(record(world, one) for one in articles))
    sync, syncs = type(world.archive.pages).sync, count()

    def dies(pages: Any) -> None:
        sync(pages)
        if next(syncs) == 3:
            raise _KilledError

    with monkeypatch.context() as patch:
        patch.setattr(type(world.archive.pages), "sync", dies)
        with pytest.raises(_KilledError):
            take(world, crawl)
    assert len(rows(world.archive, address.c.id)) == 30
    assert rows(world.archive, sa.func.count(address.c.due_at)) == [(0,)]
    report = take(world, crawl)
    assert counted(report)[UNCHANGED] == 30
    wanted = sum(one.relevance is not Verdict.UNRELATED for one in articles)
    assert len(rows(world.archive, article.c.id)) == wanted
    on_disk = 0
    for file in (tmp_path / "pages").iterdir():
        with file.open("rb") as handle:
            on_disk += sum(one.rec_type == "response" for one in ArchiveIterator(handle))
    assert on_disk == len(rows(world.archive, page.c.id)), "no orphan"
    ended = Counter(moment is not None for (moment,) in rows(world.archive, run.c.ended_at))
    assert ended == {False: 1, True: 1}


def test_a_bug_of_the_reader_ends_it(world: World, tmp_path: Path) -> None:
    class Broken:
        def read(self, _task: object, done: Any) -> None:
            done(ZeroDivisionError())

    crawl = write(tmp_path / "crawl", record(world, about(world)))
    with pytest.raises(ZeroDivisionError):
        take(world, crawl, readers=Broken())
    assert rows(world.archive, address.c.id) == []


def test_nobody_else_writes_meanwhile(world: World, tmp_path: Path) -> None:
    crawl = write(tmp_path / "crawl", record(world, about(world)))
    with world.archive.only_writer(), pytest.raises(StoreError, match="another run"):
        take(world, crawl)


# --- saved pages -------------------------------------------------------------


def test_saved_pages(world: World, tmp_path: Path) -> None:
    one = about(world)
    note = f"<!-- saved from url=({len(one.url):04}){one.url} -->".encode()
    named, nameless = tmp_path / "a.html", tmp_path / "b.html"
    named.write_bytes(b"<!DOCTYPE html>\n" + note + article_page(world.newsroom, one))
    nameless.write_bytes(b"<html><body><p>Whence?</p></body></html>")
    cut = tmp_path / "c.html.gz"
    cut.write_bytes(gzip.compress(note + b"<html><p>" + os.urandom(900))[:-20])
    saved_at = datetime(2026, 1, 1, tzinfo=UTC)
    os.utime(named, (saved_at.timestamp(), saved_at.timestamp()))
    files, _ = sort_out([named, nameless, cut])
    report = take(world, *files)
    assert counted(report) == {STORED: 1, Outcome.REJECTED: 1}
    assert report.faults == [
        f"{nameless}: it does not say from which address it was saved",
        f"{cut}: cut short",
    ]
    [found] = rows(world.archive, article.c.source_id, article.c.first_seen_at)
    assert found == (one.outlet.id, saved_at)
    assert counted(take(world, *files[:2])) == {UNCHANGED: 1, Outcome.REJECTED: 1}


# --- lists -------------------------------------------------------------------


def listed(folder: Path, *lines: str, name: str = "list.txt") -> CrawlFile:
    path = folder / name
    path.write_text("\n".join(lines), "utf-8")
    [file], _ = sort_out([path])
    return file


def test_the_addresses_of_a_list_are_fetched(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_module, "LIST_CHUNK", 20)
    articles = readable(world.newsroom)
    lines = [f"{one.url}#top" for one in articles]
    report = take(world, listed(tmp_path, "# ours", *lines, *lines[:30], "nothing", ""))
    labels = Counter(one.relevance for one in articles)
    assert counted(report) == {
        STORED: labels[Verdict.ABOUT],
        Outcome.MENTION: labels[Verdict.MENTION],
        Outcome.UNRELATED: labels[Verdict.UNRELATED],
        Outcome.REJECTED: 1,
    }
    path = tmp_path / "list.txt"
    assert report.faults == [
        f"{path}: line {len(lines) + 32}: not a web address: neither http nor https"
    ]
    asked = {path for paths in world.server.requests.values() for path in paths}
    assert not any("feed" in one or "rss" in one for one in asked), "no feed is polled"
    by_source = {one for (one,) in rows(world.archive, article.c.source_id)}
    assert by_source <= {outlet.id for outlet in world.newsroom.outlets}


def test_a_list_that_is_cut_is_fetched_up_to_there(world: World, tmp_path: Path) -> None:
    path = tmp_path / "list.gz"
    whole = gzip.compress(f"{about(world).url}\n".encode())
    path.write_bytes(whole + gzip.compress(b"# the rest\n")[:-4])
    report = take(world, *sort_out([path])[0])
    assert counted(report) == {STORED: 1}
    assert report.faults == [f"{path}: cut short"]


def test_a_list_of_what_is_known_is_unchanged(world: World, tmp_path: Path) -> None:
    world.collect()
    filed = dict(rows(world.archive, address.c.url, address.c.outcome))
    requests = sum(paths.total() for paths in world.server.requests.values())
    report = take(world, listed(tmp_path, *filed))
    # One is forbidden by robots.txt, and tried as if for the first time; a page that was not
    # found has its time, and waits for it.
    assert counted(report) == {UNCHANGED: len(filed) - 1, FAILED: 1}
    assert sum(paths.total() for paths in world.server.requests.values()) <= requests + 2


def test_an_address_of_nobody_gets_an_outlet_when_it_has_an_article(
    world: World, tmp_path: Path
) -> None:
    one = about(world)
    world.with_sources(
        "  - {id: down, name: Down, publisher: private, languages: [en], time_zone: UTC,\n"
        "     enabled: false,\n"
        f'     feeds: [{{url: "http://{one.outlet.host}/feed"}}]}}\n'
    )
    others = (each for each in readable(world.newsroom) if each.relevance is Verdict.ABOUT)
    other = next(each for each in others if each.outlet.host != one.outlet.host)
    report = take(world, listed(tmp_path, one.url, other.url))
    assert counted(report) == {STORED: 2}
    hosts = {id_ for (id_,) in rows(world.archive, article.c.source_id)}
    assert hosts == {"down", other.outlet.host.removeprefix("www.")}


def test_what_is_left_of_a_list_is_fetched_by_the_next_run(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise _KilledError

    lines = [one.url for one in readable(world.newsroom)]
    addresses = listed(tmp_path, *lines)
    with monkeypatch.context() as patch:
        patch.setattr(backfill_module, "collect", dies)
        with pytest.raises(_KilledError):
            take(world, addresses)
    assert rows(world.archive, sa.func.count(address.c.due_at)) == [(len(lines),)]
    report = world.collect(feeds=False)
    assert sum(report.outcomes.values()) == len(lines)


def test_when_the_line_is_down_the_rest_stays_due(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_module, "LIST_CHUNK", 5)
    world.settings = replace(world.settings, connect_to={}, request_time=1.0)
    lines = [f"http://127.0.0.{n}:9/{n}" for n in range(2, 14)]
    report = take(world, listed(tmp_path, *lines))
    assert (report.line_down, report.reasons) == (True, {Reason.UNREACHABLE: 5})
    assert rows(world.archive, sa.func.count(address.c.due_at)) == [(len(lines),)]


def test_a_pause_that_a_host_asked_for_holds(world: World, tmp_path: Path) -> None:
    url = about(world).url
    later = NOW + timedelta(hours=3)
    take(world, listed(tmp_path, url))
    with world.archive.writing() as connection:
        waits = {"due_at": later, "outcome": FAILED, "article_id": None}
        connection.execute(sa.update(address).values(waits))
    assert counted(take(world, listed(tmp_path, url))) == {UNCHANGED: 1}
    assert rows(world.archive, address.c.due_at) == [(later,)]


def test_pages_and_lists_together(world: World, tmp_path: Path) -> None:
    articles = [one for one in readable(world.newsroom) if one.relevance is Verdict.ABOUT]
    crawl = write(tmp_path / "crawl", *(record(world, one) for one in articles[:5]))
    addresses = listed(tmp_path, *(one.url for one in articles[3:8]))
    shown: list[Progress] = []
    report = take(world, addresses, crawl, show=shown.append)
    assert counted(report) == {STORED: 8}, "what the crawl has is not fetched"
    assert shown[-1].bytes_done == shown[-1].bytes
    assert shown[-1].stored == 8
    jobs = Counter(job for (job,) in rows(world.archive, run.c.job))
    assert jobs == {Job.BACKFILL.value: 2, Job.COLLECT.value: 1}
