"""Reading every kept page again, without the network: a better reader, the same pages.

What was read before is replaced, not versioned: the page is the same, only our reading of it
has changed. A page that is now read as something worse keeps what it had.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from itertools import islice

import sqlalchemy as sa

from pipeline.errors import StoreError
from pipeline.jobs.desk import filing_of, outlet_of
from pipeline.jobs.readers import Readers, Result
from pipeline.jobs.reading import ReadingTask
from pipeline.model import Outcome, Page, ReadArticle, Rejection, Relevance, Verdict
from pipeline.outlets import Outlets
from pipeline.sources import Catalogue
from pipeline.store import kept
from pipeline.store.database import Archive
from pipeline.store.filing import Change, file_articles
from pipeline.store.kept import KeptPage, NewEnding
from pipeline.store.pages import PageLocation
from pipeline.store.sources import all_sources, save_found

#: Pages asked for at a time, and filed in one transaction.
BATCH = 64


class Rereading(StrEnum):
    """What reading a kept page again came to."""

    SAME = "read as before"
    CHANGED = "read otherwise"
    GAINED = "an article now"
    LOST = "not about the topic now"
    KEPT = "no article now: left as it was"
    MISSING = "its raw page is lost or damaged: left as it was"


@dataclass(frozen=True, slots=True, kw_only=True)
class RereadReport:
    """What a rereading did."""

    counts: Mapping[Rereading, int]  # add up to the pages
    damaged: tuple[str, ...]  # what was wrong with each raw page that cannot be read


def reread(  # noqa: PLR0913 - what it needs, each by its name
    archive: Archive,
    catalogue: Catalogue,
    *,
    source_id: str | None = None,
    since: datetime | None = None,
    readers: Readers | None = None,
    show: Callable[[int, int], None] = lambda _done, _all: None,
) -> RereadReport:
    """Read kept pages again and file what differs.

    Args:
        archive: where they are.
        catalogue: the topic and the sources.
        source_id: only this outlet's pages; None: all.
        since: only pages fetched then or later; None: all.
        readers: the processes that read; None: it has its own.
        show: told how many of how many are done.

    Raises:
        StoreError: the archive cannot be written, or another run writes to it.
    """
    with ExitStack() as stack:
        stack.enter_context(archive.only_writer())
        if readers is None:
            readers = stack.enter_context(Readers(catalogue.topic))
        work = _Rereading(archive, catalogue, readers)
        with archive.reading() as connection:
            waiting = kept.count_kept(connection, source_id=source_id, since=since)
        pages = _pages(archive, source_id, since)
        while batch := list(islice(pages, BATCH)):
            work.reread(batch)
            show(work.counts.total(), waiting)
    return RereadReport(counts=dict(work.counts), damaged=tuple(work.damaged))


def _pages(archive: Archive, source_id: str | None, since: datetime | None) -> Iterator[KeptPage]:
    after = 0
    while True:
        with archive.reading() as connection:
            found = kept.kept_pages(
                connection, source_id=source_id, since=since, after=after, most=BATCH
            )
        if not found:
            return
        yield from found
        after = found[-1].id


class _Rereading:
    """The work of one rereading."""

    def __init__(self, archive: Archive, catalogue: Catalogue, readers: Readers) -> None:
        self._archive = archive
        self._readers = readers
        with archive.reading() as connection:
            filed = {source.id: source for source in all_sources(connection)}
        # What sources.yaml says now counts, also of a source that was filed otherwise.
        self._sources = filed | {source.id: source for source in catalogue.sources}
        self._outlets = Outlets(self._sources.values())
        self.counts: Counter[Rereading] = Counter()
        self.damaged: list[str] = []

    def reread(self, batch: list[KeptPage]) -> None:
        """Read a batch and file what differs in one transaction."""
        loaded = [(one, page) for one in batch if (page := self._load(one))]
        tasks = (((one, page), self._task(one, page)) for one, page in loaded)
        results = list(self._readers.read_all(tasks))
        with self._archive.writing() as connection:
            for (one, page), result in results:
                self.counts[self._file(connection, one, page, result)] += 1

    def _load(self, one: KeptPage) -> Page | None:
        """Return a page from the files; None, and noted, if it is not what it was."""
        try:
            body, headers = self._archive.pages.read(one.location)
        except StoreError as error:
            self._note_damage(str(error))
            return None
        if sha256(body).hexdigest() != one.sha256:
            place = f"{one.location.file} at {one.location.start}"
            self._note_damage(f"{place}: not the page of {one.address.url}")
            return None
        return Page(
            url=one.address.url,
            final_url=one.final_url,
            status=200,
            headers=headers,
            body=body,
            fetched_at=one.fetched_at,
        )

    def _note_damage(self, what: str) -> None:
        self.counts[Rereading.MISSING] += 1
        self.damaged.append(what)

    def _task(self, one: KeptPage, page: Page) -> ReadingTask:
        named = self._sources[one.source_id]
        source = outlet_of(page, named, self._outlets) if one.article_id is None else named
        return ReadingTask(
            page=page,
            source=source or named,
            title=one.address.title,
            published_at=one.address.published_at,
            language=one.address.language,
        )

    def _file(
        self, connection: sa.Connection, one: KeptPage, page: Page, result: Result
    ) -> Rereading:
        if one.article_id is not None:
            return _file_article(connection, one.article_id, result)
        if isinstance(result, ReadArticle):
            return self._gain(connection, one, page, result)
        if isinstance(result, Rejection):
            ending = NewEnding(outcome=Outcome.REJECTED, reason=result.reason, detail=result.detail)
        else:
            ending = NewEnding(outcome=Outcome.UNRELATED)
        differs = kept.change_ending(connection, one.address.id, ending)
        return Rereading.CHANGED if differs else Rereading.SAME

    def _gain(
        self, connection: sa.Connection, one: KeptPage, page: Page, read: ReadArticle
    ) -> Rereading:
        """File an article that was not recognised as one before; its page is kept already."""
        outlet = self._task(one, page).source
        if outlet.id not in self._sources:
            save_found(connection, [outlet], found_by=one.source_id)
            self._sources[outlet.id] = outlet
        filing = filing_of(one.address, outlet, page, read)
        [filed] = file_articles(connection, [replace(filing, page_id=one.id)], keep=_already_kept)
        about = read.relevance.verdict is Verdict.ABOUT
        new = Outcome.STORED if about else Outcome.MENTION
        outcome = new if filed.change is Change.NEW else Outcome.UNCHANGED
        ending = NewEnding(outcome=outcome, article_id=filed.article_id)
        kept.change_ending(connection, one.address.id, ending)
        return Rereading.GAINED


def _file_article(connection: sa.Connection, number: int, result: Result) -> Rereading:
    match result:
        case ReadArticle():
            changed = kept.reread_article(connection, number, result)
            return Rereading.CHANGED if changed else Rereading.SAME
        case Relevance():
            lost = kept.drop_from_topic(connection, number, result)
            return Rereading.LOST if lost else Rereading.SAME
        case Rejection():
            return Rereading.KEPT


def _already_kept(page: Page) -> PageLocation:
    raise AssertionError(page.url)  # each filing here names its kept page
