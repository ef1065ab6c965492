"""Filing what was read: each text of an outlet once, with the raw page it was read from.

An article is known by our spelling of its final address, and, within an outlet
and the span of copies, by its text: outlets list one text under several addresses.
What is read again at its address, or at one that seems to replace it, is a new version
of it if its words differ. A batch is filed in a few statements, since each costs about
as much as its rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from hashlib import sha256

import sqlalchemy as sa

from pipeline.duplicates import COPY_SPAN, SHORTEST_COPY, resemblance, shingle
from pipeline.model import Page, ReadArticle, TextOrigin
from pipeline.store.addresses import DueAddress
from pipeline.store.copies import drop_bands, leave_copies, save_bands
from pipeline.store.entities import save_entities
from pipeline.store.facts import publication, replace_facts, said, save_further
from pipeline.store.pages import PageLocation
from pipeline.store.passages import drop_passages, save_passages
from pipeline.store.tables import (
    address,
    article,
    article_text,
    former_version,
    page,
)
from pipeline.store.verdicts import judged_by_rules

#: Share of an article's words that another version has at least: what has fewer is a stub, as
#: pay walls and errors show it.
SMALLEST_PART = 0.4

#: Share of the word triples of the shorter of two texts under different headlines that the
#: other has too, if both are of one article. Of two articles on one event it is below 0.1.
SAME_WORDS = 0.3

#: `resemblance` to an article from which an address that may lead to it does: half of the
#: words of either, or so.
ALIKE = 0.3

#: Writes a raw page to the archive's files and says where it lies.
KeepPage = Callable[[Page], PageLocation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """An article to be filed, with what it was read from."""

    address: DueAddress
    source_id: str  # the outlet
    key: str  # our spelling of the address under which it is filed
    final_key: str  # our spelling of where it was fetched; differs if the page names another
    page: Page
    read: ReadArticle
    page_id: int | None = None  # of the raw page; None: it is still to be kept


class Change(Enum):
    """What a filing did to the archive."""

    NEW = "a new article"
    VERSION = "a new version of one"
    NONE = "nothing"
    REFUSED = "nothing: the address of an article shows something else"


@dataclass(frozen=True, slots=True)
class Filed:
    """The number of an article, and what became of it."""

    article_id: int
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is compared to tell whether an address leads to an article we have."""

    id: int
    key: str
    source_id: str
    title: str
    text_hash: int
    text_origin: str
    first_seen_at: datetime
    language: str | None
    words: int
    address_id: int  # where its newest version was read
    fetched_at: datetime  # and when

    def has_words_of(self, filing: Filing) -> bool:
        """Whether the filing has the same text, within the span of copies."""
        print_ = filing.read.fingerprint
        # Two stubs may share their few words and be of different articles.
        telling = print_.words >= SHORTEST_COPY or self.title == filing.read.article.title
        return (
            telling
            and self.text_hash == print_.text_hash
            and self.source_id == filing.source_id
            and self.first_seen_at > filing.address.first_seen_at - COPY_SPAN
        )

    def differs_from(self, filing: Filing) -> bool:
        """Whether the filing says something else; what a feed says is no news on a page."""
        if filing.read.article.text_origin is TextOrigin.FEED:
            return False
        same_title = self.title == filing.read.article.title
        return not (same_title and self.text_hash == filing.read.fingerprint.text_hash)


def file_articles(
    connection: sa.Connection, filings: Sequence[Filing], *, keep: KeepPage
) -> list[Filed]:
    """File those of the articles that the archive does not have; return where each one is."""
    if not filings:
        return []
    shelf = _Shelf(connection, filings)
    places = [shelf.place(filing) for filing in filings]
    numbers = _insert(connection, shelf.fresh, keep)
    _add_versions(connection, shelf.versions, keep)
    return [
        Filed(numbers[place.fresh] if place.known is None else place.known, place.change)
        for place in places
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a filing belongs: with a known article, or with one that this batch brings."""

    known: int | None = None  # its number
    fresh: int = -1  # its position in the batch's fresh ones
    change: Change = Change.NONE


class _Shelf:
    """Where each filing of a batch belongs."""

    def __init__(self, connection: sa.Connection, filings: Sequence[Filing]) -> None:
        self._connection = connection
        self.fresh: list[Filing] = []
        self._brought: list[_Known] = []  # what the fresh ones are compared by
        self.versions: list[tuple[int, Filing]] = []  # with the number of the article
        self._hints = self._find_hints(filings)
        self._known = self._find_known(filings)

    def place(self, filing: Filing) -> _Place:
        """Say where a filing belongs; it goes to ``fresh`` or ``versions`` if it is to be filed."""
        if place := self._place_known(filing) or self._place_fresh(filing):
            return place
        taken = {one.key for one in self._known} | {one.key for one in self.fresh}
        if filing.key in taken:
            filing = replace(filing, key=filing.final_key)  # the other has other words
        self.fresh.append(filing)
        self._brought.append(_as_known(filing))
        return _Place(fresh=len(self.fresh) - 1, change=Change.NEW)

    def _place_known(self, filing: Filing) -> _Place | None:
        """Find the article of the archive that a filing is of; the address comes first."""
        for one in sorted(self._known, key=lambda known: known.key != filing.final_key):
            if self._is_own(one, filing):
                return self._place_again(one, filing)
        if filing.address.article_id is not None:  # and what stands there is not that
            return _Place(known=filing.address.article_id, change=Change.REFUSED)
        same = (one.id for one in self._known if one.has_words_of(filing))
        number = next(same, None)
        return None if number is None else _Place(known=number)

    def _place_fresh(self, filing: Filing) -> _Place | None:
        """Find the article that this batch brings and that a filing is of."""
        for number, (earlier, brought) in enumerate(zip(self.fresh, self._brought, strict=True)):
            if _is_same(earlier, filing) or brought.has_words_of(filing):
                return _Place(fresh=number)
        return None

    def _place_again(self, one: _Known, filing: Filing) -> _Place:
        # Twice in a batch: the first is the version, the second is left as a sighting.
        had = {number for number, _ in self.versions}
        if one.id in had or not one.differs_from(filing) or not self._may_change(one, filing):
            return _Place(known=one.id)
        if not self._is_version(one, filing):
            return _Place(known=one.id, change=Change.REFUSED)
        self.versions.append((one.id, filing))
        return _Place(known=one.id, change=Change.VERSION)

    def _may_change(self, one: _Known, filing: Filing) -> bool:
        """Tell whether it is for this address to change the article.

        It is for the one where its newest version was read, for one that leads there, and for
        one that replaces that, when it is first read. An old address may show old words for
        long, and so may a crawl.
        """
        due = filing.address
        if filing.page.fetched_at < one.fetched_at:
            return False
        if due.id == one.address_id:
            return True
        leads_there = filing.final_key == one.key
        replaces = self._hints.get(due.replaces_id or 0) == one.id
        return due.article_id is None and (leads_there or replaces)

    def _is_version(self, one: _Known, filing: Filing) -> bool:
        """Tell whether what stands there now is the article, changed: not a stub, not another."""
        made = filing.read.article
        if one.text_origin == TextOrigin.FEED:
            return True  # the page itself, at last
        if filing.read.fingerprint.words < one.words * SMALLEST_PART:
            return False
        if one.title == made.title and one.language == made.language:
            return True
        before, now = shingle(self._words_of(one)).distinct, shingle(made.text).distinct
        return len(before & now) >= SAME_WORDS * min(len(before), len(now))

    def _is_own(self, one: _Known, filing: Filing) -> bool:
        """Tell by the addresses whether a filing is of a known article."""
        due = filing.address
        if one.key == filing.final_key:
            return True
        hint = self._hints.get(due.replaces_id or 0)
        if one.key != filing.key and one.id not in {hint, due.article_id}:
            return False
        # A redirect may lead anywhere, a canonical address may be wrong, a guid or a number
        # used twice: the text decides.
        return one.source_id == filing.source_id and self._is_like(one, filing)

    def _is_like(self, one: _Known, filing: Filing) -> bool:
        if one.text_hash == filing.read.fingerprint.text_hash:
            return True
        return _are_alike(self._words_of(one), filing.read.article.text)

    def _words_of(self, one: _Known) -> str:
        words = sa.select(article_text.c.text).where(article_text.c.article_id == one.id)
        return str(self._connection.execute(words).scalar_one())

    def _find_hints(self, filings: Sequence[Filing]) -> dict[int, int]:
        """Return the articles of the addresses that filings may replace."""
        wanted = {one.address.replaces_id for one in filings} - {None}
        if not wanted:
            return {}
        query = sa.select(address.c.id, address.c.article_id)
        here = sa.and_(address.c.id.in_(wanted), address.c.article_id.is_not(None))
        return {row[0]: row[1] for row in self._connection.execute(query.where(here))}

    def _find_known(self, filings: Sequence[Filing]) -> list[_Known]:
        columns = [
            page.c[name] if name in {"address_id", "fetched_at"} else article.c[name]
            for name in _Known.__dataclass_fields__
        ]
        keys = {key for filing in filings for key in (filing.key, filing.final_key)}
        hashes = [filing.read.fingerprint.text_hash for filing in filings]
        own = {one.address.article_id for one in filings} - {None}
        here = [article.c.key.in_(keys), article.c.text_hash.in_(hashes)]
        if numbers := own | set(self._hints.values()):
            here.append(article.c.id.in_(numbers))
        rows = self._connection.execute(
            sa.select(*columns)
            .join(page, page.c.id == article.c.page_id)
            .where(sa.or_(*here))
            .order_by(article.c.id)
        )
        return [_Known(**row._mapping) for row in rows]  # noqa: SLF001 - its public name


def _is_same(earlier: Filing, filing: Filing) -> bool:
    """Tell whether two filings of a batch are of one article, by their addresses."""
    if filing.final_key in {earlier.key, earlier.final_key}:
        return True
    if earlier.key != filing.key:
        return False
    return _are_alike(earlier.read.article.text, filing.read.article.text)


def _are_alike(text: str, other: str) -> bool:
    return resemblance(shingle(text), shingle(other)) >= ALIKE


def _as_known(filing: Filing) -> _Known:
    return _Known(
        id=0,
        key=filing.key,
        source_id=filing.source_id,
        title=filing.read.article.title,
        text_hash=filing.read.fingerprint.text_hash,
        text_origin=filing.read.article.text_origin,
        first_seen_at=filing.address.first_seen_at,
        language=filing.read.article.language,
        words=filing.read.fingerprint.words,
        address_id=filing.address.id,
        fetched_at=filing.page.fetched_at,
    )


def save_pages(
    connection: sa.Connection, pages: Sequence[tuple[int, Page]], *, keep: KeepPage
) -> list[int]:
    """Write the raw pages of addresses and file where they lie; return their numbers."""
    if not pages:
        return []
    rows = []
    for address_id, one in pages:
        location = keep(one)
        facts = {
            "address_id": address_id,
            "final_url": one.final_url,
            "fetched_at": one.fetched_at,
            "sha256": sha256(one.body).hexdigest(),
            "file": location.file,
            "start": location.start,
            "size": location.size,
            "etag": one.validators.etag,
            "last_modified": one.validators.last_modified,
        }
        rows.append(facts)
    made = sa.insert(page).returning(page.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(made, rows))


def _page_ids(connection: sa.Connection, filings: Sequence[Filing], keep: KeepPage) -> list[int]:
    """Return the numbers of the raw pages of filings, which are kept now if they are not yet."""
    new = [(one.address.id, one.page) for one in filings if one.page_id is None]
    made = iter(save_pages(connection, new, keep=keep))
    return [next(made) if one.page_id is None else one.page_id for one in filings]


def page_ends(connection: sa.Connection, files: Sequence[str]) -> dict[str, int]:
    """Return for each of these WARC files the end of its last named record, in bytes."""
    end = sa.func.max(page.c.start + page.c.size)
    ends = sa.select(page.c.file, end).where(page.c.file.in_(files)).group_by(page.c.file)
    rows = connection.execute(ends)
    return {file: int(last) for file, last in rows}


def _insert(connection: sa.Connection, filings: Sequence[Filing], keep: KeepPage) -> list[int]:
    if not filings:
        return []
    page_ids = _page_ids(connection, filings, keep)
    rows = [
        _article_row(filing, page_id) for filing, page_id in zip(filings, page_ids, strict=True)
    ]
    made = sa.insert(article).returning(article.c.id, sort_by_parameter_order=True)
    numbers = list(connection.scalars(made, rows))
    reads = [*zip(numbers, (filing.read for filing in filings), strict=True)]
    save_further(connection, ((number, read.article) for number, read in reads))
    save_entities(connection, ((number, read.entities) for number, read in reads))
    _insert_words(connection, reads)
    return numbers


def _article_row(filing: Filing, page_id: int) -> dict[str, object]:
    read, due = filing.read, filing.address
    return {
        "key": filing.key,
        "source_id": filing.source_id,
        "page_id": page_id,
        **publication(read.article, due.first_seen_at),
        "first_seen_at": due.first_seen_at,
        "version": 1,
        **said(read),
        **judged_by_rules(read.relevance),
    }


def _insert_words(connection: sa.Connection, reads: Sequence[tuple[int, ReadArticle]]) -> None:
    texts = [
        {
            "article_id": number,
            "text": read.article.text,
            "folded_title": read.folded_title,
            "folded_text": read.folded_text,
        }
        for number, read in reads
    ]
    if texts:
        connection.execute(sa.insert(article_text), texts)
    _insert_prints(connection, reads)


def _insert_prints(connection: sa.Connection, reads: Sequence[tuple[int, ReadArticle]]) -> None:
    prints = [(number, read.fingerprint) for number, read in reads]
    save_bands(connection, [(number, found.bands) for number, found in prints])
    save_passages(connection, [(number, found.passages) for number, found in prints])


# --- what is read again --------------------------------------------------------


def _add_versions(
    connection: sa.Connection, versions: Sequence[tuple[int, Filing]], keep: KeepPage
) -> None:
    page_ids = _page_ids(connection, [filing for _, filing in versions], keep)
    for (number, filing), page_id in zip(versions, page_ids, strict=True):
        _keep_former(connection, number)
        version = article.c.version + 1
        replace_words(connection, number, filing.read, page_id=page_id, version=version)


def _keep_former(connection: sa.Connection, number: int) -> None:
    columns = {
        "article_id": article.c.id,
        "number": article.c.version,
        "page_id": article.c.page_id,
        "title": article.c.title,
        "text": article_text.c.text,
        "text_hash": article.c.text_hash,
        "words": article.c.words,
    }
    now = sa.select(*columns.values()).join(article_text).where(article.c.id == number)
    connection.execute(sa.insert(former_version).from_select([*columns], now))


def replace_words(
    connection: sa.Connection, number: int, read: ReadArticle, **more: object
) -> None:
    """Let an article say what was read now; its copies are to be looked for anew.

    When it was published and first seen stays as it is, unless ``more`` says so: other
    columns of the article.
    """
    # While the old words are there.
    for forget in (leave_copies, drop_bands, drop_passages):
        forget(connection, number)
    replace_facts(connection, number, read, **more)
    words = {
        "text": read.article.text,
        "folded_title": read.folded_title,
        "folded_text": read.folded_text,
    }
    here = sa.update(article_text).where(article_text.c.article_id == number)
    connection.execute(here.values(words))
    _insert_prints(connection, [(number, read)])
