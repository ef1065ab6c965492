"""Where fetched pages are read and filed, whoever brought them.

Pages are read by processes; what they gave is filed by one thread, in one transaction for
all that has come in. The raw pages are on the disk before the rows that name them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from pipeline.jobs.failures import next_look
from pipeline.jobs.readers import Readers, Result
from pipeline.jobs.reading import ReadingTask
from pipeline.model import (
    Outcome,
    Page,
    ReadArticle,
    Reason,
    Rejection,
    Relevance,
    Source,
    Verdict,
)
from pipeline.outlets import Outlets
from pipeline.store import filing
from pipeline.store.addresses import DueAddress, Ending
from pipeline.store.database import Archive
from pipeline.store.filing import Change, Filed, Filing
from pipeline.store.pages import PageLocation
from pipeline.store.sources import save_found
from pipeline.urls import article_key, normalize_url

#: Rejections in which the extractor may be wrong: the page is kept, to be read again.
DOUBTFUL = frozenset(
    {
        Reason.EMPTY,
        Reason.TOO_SHORT,
        Reason.SOFT_404,
        Reason.CONSENT_WALL,
        Reason.BLOCK_PAGE,
        Reason.LOGIN_WALL,
        Reason.LISTING_PAGE,
        Reason.UNREADABLE,
    }
)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with what it gave, ready to be filed."""

    address: DueAddress
    source: Source  # the outlet
    page: Page
    result: Result


#: Told what a page gave; an exception is a bug.
Done = Callable[[ReadPage | BaseException], None]


class Desk:
    """Reads pages and files what they gave; for one thread."""

    def __init__(
        self,
        archive: Archive,
        readers: Readers,
        *,
        sources: dict[str, Source],
        outlets: Outlets,
        follow_up: bool,
    ) -> None:
        """Open the desk.

        Args:
            archive: where it is filed.
            readers: the processes that read.
            sources: by id, those that addresses name; more may be added.
            outlets: whose article it is that an aggregator named.
            follow_up: whether what is filed is looked at again.
        """
        self._archive = archive
        self._readers = readers
        self._sources = sources
        self._outlets = outlets
        self._follow_up = follow_up

    def read(self, address: DueAddress, page: Page, done: Done) -> None:
        """Have a page read; ``done`` is told from another thread."""
        source = self._sources[address.source_id]
        outlet = outlet_of(page, source, self._outlets)
        if outlet is None:
            unresolved = Rejection(url=page.url, reason=Reason.UNRESOLVED)
            done(ReadPage(address, source, page, unresolved))
            return
        task = ReadingTask(
            page=replace(page, sent_body=b""),
            source=outlet,
            title=address.title,
            summary=address.summary or "",
            published_at=address.published_at,
            language=address.language,
        )

        def told(result: Result | BaseException) -> None:
            if isinstance(result, BaseException):
                done(result)
            else:
                done(ReadPage(address, outlet, page, result))

        self._readers.read(task, told)

    def file(
        self, connection: sa.Connection, read: Sequence[ReadPage], *, now: datetime
    ) -> list[Ending]:
        """File what pages gave; return how their addresses ended."""
        filings, endings, doubtful = [], [], []
        for one in read:
            match one.result:
                case ReadArticle():
                    filings.append(filing_of(one.address, one.source, one.page, one.result))
                case Relevance():
                    endings.append(self._ended(one, now))
                case Rejection(reason=reason):
                    endings.append(self._ended(one, now))
                    if reason in DOUBTFUL:
                        doubtful.append((one.address.id, one.page))
        filing.save_pages(connection, doubtful, keep=self._keep)
        self._file_outlets(connection, read)
        filed = filing.file_articles(connection, filings, keep=self._keep)
        return endings + [
            self._filed(one, place, now) for one, place in zip(filings, filed, strict=True)
        ]

    def _file_outlets(self, connection: sa.Connection, read: Sequence[ReadPage]) -> None:
        """File the outlets of articles that came by way of another source."""
        found = [
            one
            for one in read
            if isinstance(one.result, ReadArticle) and one.source.id not in self._sources
        ]
        for one in found:
            save_found(connection, [one.source], found_by=one.address.source_id)
            self._sources[one.source.id] = one.source

    def _ended(self, one: ReadPage, now: datetime) -> Ending:
        """End an address at which no article about the topic stands, or none any more."""
        address, why = one.address, one.result
        # An article stays what it was, and is looked at again: walls come and go.
        again = self._follow_up and address.article_id is not None
        return Ending(
            address=address,
            outcome=Outcome.REJECTED if isinstance(why, Rejection) else Outcome.UNRELATED,
            reason=why.reason if isinstance(why, Rejection) else None,
            detail=why.detail if isinstance(why, Rejection) else "",
            due_at=next_look(address, now) if again else None,
            article_id=address.article_id,
        )

    def _filed(self, one: Filing, filed: Filed, now: datetime) -> Ending:
        """An address that leads to an article we have is unchanged, whatever its spelling."""
        if filed.change is Change.REFUSED:
            return Ending(
                address=one.address,
                outcome=Outcome.REJECTED,
                reason=Reason.REPLACED,
                detail=one.read.article.title,
                due_at=next_look(one.address, now) if self._follow_up else None,
                article_id=one.address.article_id,
            )
        if filed.change is Change.VERSION:
            outcome = Outcome.UPDATED
        elif filed.change is Change.NONE:
            outcome = Outcome.UNCHANGED
        elif one.read.relevance.verdict is Verdict.ABOUT:
            outcome = Outcome.STORED
        else:
            outcome = Outcome.MENTION
        # Of several addresses of one article, the one that brought it is looked at again.
        own = filed.change is not Change.NONE or one.address.article_id is not None
        due_at = next_look(one.address, now) if own and self._follow_up else None
        return Ending(
            address=one.address, outcome=outcome, due_at=due_at, article_id=filed.article_id
        )

    def _keep(self, page: Page) -> PageLocation:
        return self._archive.pages.append(page)


def outlet_of(page: Page, source: Source, outlets: Outlets) -> Source | None:
    """Return whose page it is that ``source`` named; None if an aggregator led nowhere else."""
    if not (source.is_aggregator or outlets.is_aggregator(page.url)):
        return source
    if outlets.is_aggregator(page.final_url):
        return None
    return outlets.find(page.final_url, via=source, name=_found_name(source))


def _found_name(source: Source) -> str:
    """Return the name that an aggregator gave to an outlet; a known one keeps its own name."""
    return source.name if "." in source.id else ""


def filing_of(address: DueAddress, outlet: Source, page: Page, read: ReadArticle) -> Filing:
    """Return what was read of a page, ready to be filed."""
    return Filing(
        address=address,
        source_id=outlet.id,
        key=article_key(page.final_url, read.article.canonical_url, read.article.title),
        final_key=normalize_url(page.final_url),
        page=page,
        read=read,
    )
