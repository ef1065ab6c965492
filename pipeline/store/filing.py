"""Filing what was read: each text of an outlet once, with the raw page it was read from.

An article is known by our spelling of its final address, and, within an outlet
and the span of copies, by its text: outlets list one text under several addresses.
A batch is filed in a few statements, since each costs about as much as its rows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from pipeline.duplicates import COPY_SPAN, SHORTEST_COPY
from pipeline.model import Moment, Page, ReadArticle
from pipeline.store.intake import DueAddress
from pipeline.store.pages import PageLocation
from pipeline.store.tables import article, article_text, band, page, passage

#: Writes a raw page to the archive's files and says where it lies.
KeepPage = Callable[[Page], PageLocation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """An article to be filed, with what it was read from."""

    address: DueAddress
    key: str  # our spelling of its final address
    page: Page
    read: ReadArticle


@dataclass(frozen=True, slots=True)
class Filed:
    """The number of an article, and whether this filing brought it."""

    article_id: int
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is compared to tell whether an address leads to an article we have."""

    id: int
    key: str
    source_id: str
    title: str
    text_hash: int
    first_seen_at: datetime

    def is_of(self, filing: Filing) -> bool:
        if self.key == filing.key:
            return True
        print_ = filing.read.fingerprint
        # Two stubs may share their few words and be of different articles.
        telling = print_.words >= SHORTEST_COPY or self.title == filing.read.article.title
        return (
            telling
            and self.text_hash == print_.text_hash
            and self.source_id == filing.address.source_id
            and self.first_seen_at > filing.address.first_seen_at - COPY_SPAN
        )


def file_articles(
    connection: sa.Connection, filings: Sequence[Filing], *, keep: KeepPage
) -> list[Filed]:
    """File those of the articles that the archive does not have; return where each one is."""
    known = _find_known(connection, filings)
    fresh: list[Filing] = []
    places: list[int | Filing] = []  # the number of a known article, or the filing that brings it
    for filing in filings:
        place = _match(filing, known, fresh)
        if place is filing:
            fresh.append(filing)
        places.append(place)
    numbers = dict(zip(map(id, fresh), _insert(connection, fresh, keep), strict=True))
    return [
        Filed(place, is_new=False)
        if isinstance(place, int)
        else Filed(numbers[id(place)], is_new=place is filing)
        for filing, place in zip(filings, places, strict=True)
    ]


def save_pages(
    connection: sa.Connection, pages: Sequence[tuple[DueAddress, Page]], *, keep: KeepPage
) -> list[int]:
    """Write raw pages and file where they lie; return their numbers."""
    if not pages:
        return []
    rows = []
    for address, one in pages:
        location = keep(one)
        facts = {
            "address_id": address.id,
            "final_url": one.final_url,
            "fetched_at": one.fetched_at,
            "sha256": sha256(one.body).hexdigest(),
            "file": location.file,
            "start": location.start,
            "size": location.size,
        }
        rows.append(facts)
    made = sa.insert(page).returning(page.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(made, rows))


def page_ends(connection: sa.Connection) -> dict[str, int]:
    """Return for each WARC file the end of its last named record, in bytes."""
    end = sa.func.max(page.c.start + page.c.size)
    rows = connection.execute(sa.select(page.c.file, end).group_by(page.c.file))
    return {file: int(last) for file, last in rows}


def _find_known(connection: sa.Connection, filings: Sequence[Filing]) -> list[_Known]:
    columns = [article.c[name] for name in _Known.__dataclass_fields__]
    keys = [filing.key for filing in filings]
    hashes = [filing.read.fingerprint.text_hash for filing in filings]
    here = sa.or_(article.c.key.in_(keys), article.c.text_hash.in_(hashes))
    rows = connection.execute(sa.select(*columns).where(here).order_by(article.c.id))
    return [_Known(**row._mapping) for row in rows]  # noqa: SLF001 - its public name


def _match(filing: Filing, known: Iterable[_Known], fresh: Iterable[Filing]) -> int | Filing:
    """Return the article that the filing leads to: a known one, an earlier filing's, or its own."""
    for one in known:
        if one.is_of(filing):
            return one.id
    for earlier in fresh:
        if _as_known(earlier).is_of(filing):
            return earlier
    return filing


def _as_known(filing: Filing) -> _Known:
    return _Known(
        id=0,
        key=filing.key,
        source_id=filing.address.source_id,
        title=filing.read.article.title,
        text_hash=filing.read.fingerprint.text_hash,
        first_seen_at=filing.address.first_seen_at,
    )


def _insert(connection: sa.Connection, filings: Sequence[Filing], keep: KeepPage) -> list[int]:
    if not filings:
        return []
    pages = [(filing.address, filing.page) for filing in filings]
    page_ids = save_pages(connection, pages, keep=keep)
    rows = [
        _article_row(filing, page_id) for filing, page_id in zip(filings, page_ids, strict=True)
    ]
    made = sa.insert(article).returning(article.c.id, sort_by_parameter_order=True)
    numbers = list(connection.scalars(made, rows))
    _insert_words(connection, [*zip(numbers, (filing.read for filing in filings), strict=True)])
    return numbers


def _article_row(filing: Filing, page_id: int) -> dict[str, object]:
    read, address = filing.read, filing.address
    made = read.article
    published = made.published or Moment(at=address.first_seen_at, origin="seen")
    return {
        "key": filing.key,
        "source_id": address.source_id,
        "page_id": page_id,
        "url": made.url,
        "canonical_url": made.canonical_url,
        "title": made.title,
        "byline": made.byline,
        "site_name": made.site_name,
        "language": made.language,
        # A clock that is ahead, or a zone misread: nothing is seen before it is published.
        "published_at": min(published.at, address.first_seen_at),
        "published_precision": published.precision,
        "published_origin": published.origin,
        "first_seen_at": address.first_seen_at,
        "verdict": read.relevance.verdict,
        "score": read.relevance.score,
        "evidence": [
            {"phrase": e.phrase, "where": e.where, "form": e.form} for e in read.relevance.evidence
        ],
        "words": read.fingerprint.words,
        "text_hash": read.fingerprint.text_hash,
        "representative_id": None,
    }


def _insert_words(connection: sa.Connection, reads: Iterable[tuple[int, ReadArticle]]) -> None:
    texts, bands, passages = [], [], []
    for number, read in reads:
        text = {
            "article_id": number,
            "text": read.article.text,
            "folded_title": read.folded_title,
            "folded_text": read.folded_text,
        }
        texts.append(text)
        found = read.fingerprint
        bands += [{"key": key, "article_id": number} for key in sorted(set(found.bands))]
        passages += [
            {"key": key, "article_id": number, "words": words}
            for key, words in zip(found.passages, found.passage_words, strict=True)
        ]
    for table, rows in ((article_text, texts), (band, bands), (passage, passages)):
        if rows:
            connection.execute(sa.insert(table), rows)
