"""The raw pages that we kept, to be read again."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pipeline.model import Article, Outcome, ReadArticle, Reason, Relevance, Verdict
from pipeline.store.addresses import DUE_COLUMNS, DueAddress, due_address
from pipeline.store.entities import entities_of
from pipeline.store.facts import publication, read_articles, replace_facts, said
from pipeline.store.filing import replace_words
from pipeline.store.pages import PageLocation
from pipeline.store.runs import add_to_tally
from pipeline.store.tables import address, article, page
from pipeline.store.verdicts import give_verdict, rules_say, standing


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A raw page with what was made of it."""

    id: int
    location: PageLocation
    sha256: str  # of the decompressed body, hexadecimal
    final_url: str
    fetched_at: datetime
    address: DueAddress
    source_id: str  # the outlet's, or the source's that named the address
    article_id: int | None  # the article that stands on this page; None: it was rejected


def kept_pages(
    connection: sa.Connection,
    *,
    source_id: str | None,
    since: datetime | None,
    after: int,
    most: int,
) -> list[KeptPage]:
    """Return kept pages by number: those that articles stand on, and the last rejected ones.

    Args:
        connection: to the archive.
        source_id: only this outlet's; None: all.
        since: only those fetched then or later; None: all.
        after: only those with a higher number.
        most: how many.
    """
    due = [column.label(f"due_{column.name}") for column in DUE_COLUMNS]
    rows = connection.execute(
        sa.select(page, _outlet.label("outlet"), article.c.id.label("made"), *due)
        .select_from(_pages_and_articles())
        .where(page.c.id > after, *_chosen(source_id, since))
        .order_by(page.c.id)
        .limit(most)
    )
    return [
        KeptPage(
            id=row.id,
            location=PageLocation(row.file, row.start, row.size),
            sha256=row.sha256,
            final_url=row.final_url,
            fetched_at=row.fetched_at,
            address=due_address(row[-len(due) :]),
            source_id=row.outlet,
            article_id=row.made,
        )
        for row in rows
    ]


def count_kept(connection: sa.Connection, *, source_id: str | None, since: datetime | None) -> int:
    """Return how many pages `kept_pages` gives."""
    count = sa.select(sa.func.count()).select_from(_pages_and_articles())
    return connection.execute(count.where(*_chosen(source_id, since))).scalar_one()


#: Whose page it is: the outlet's, or the source's that named the address.
_outlet = sa.func.coalesce(article.c.source_id, address.c.source_id)


def _pages_and_articles() -> sa.FromClause:
    return page.join(address, address.c.id == page.c.address_id).outerjoin(
        article, article.c.page_id == page.c.id
    )


def _chosen(source_id: str | None, since: datetime | None) -> list[sa.ColumnElement[bool]]:
    later = page.alias()
    is_last = ~sa.exists().where(later.c.address_id == page.c.address_id, later.c.id > page.c.id)
    rejected = sa.and_(address.c.article_id.is_(None), is_last)
    here: list[sa.ColumnElement[bool]] = [sa.or_(article.c.id.is_not(None), rejected)]
    if source_id is not None:
        here.append(_outlet == source_id)
    if since is not None:
        here.append(page.c.fetched_at >= since)
    return here


def reread_article(connection: sa.Connection, number: int, read: ReadArticle) -> bool:
    """Let an article say what its page says to the reader of today; tell whether it differs.

    Its copies are looked for anew if its words differ or when it was published.
    """
    chosen = sa.select(article.c.id).where(article.c.id == number)
    [(row, before)] = read_articles(connection, chosen)
    # Of several versions the first one's page tells when it was published.
    dated = publication(read.article, row.first_seen_at) if row.version == 1 else {}
    facts = said(read) | dated
    differing = {name for name, value in facts.items() if getattr(row, name) != value}
    if before.text != read.article.text or differing & _OF_COPIES:
        replace_words(connection, number, read, **dated)
    elif (
        differing
        or _beside(before) != _beside(read.article)
        or set(entities_of(connection, number)) != set(read.entities)
    ):
        replace_facts(connection, number, read, **dated)
    else:
        return False
    return True


#: Columns with which the words change, their match form, or the place among copies.
_OF_COPIES = frozenset({"title", "text_hash", "published_at"})


def _beside(made: Article) -> tuple[object, ...]:
    return made.alternates, made.disagreements


def drop_from_topic(connection: sa.Connection, number: int, relevance: Relevance) -> bool:
    """Note that an article is not about the topic, as we read today; tell whether that is new.

    What is labelled keeps the verdict of its label.
    """
    here = sa.and_(article.c.id == number, article.c.rules_verdict != Verdict.UNRELATED)
    values = rules_say(relevance)
    lost = connection.execute(sa.update(article).where(here).values(values)).rowcount > 0
    if lost:
        give_verdict(connection, number, standing(connection, number, relevance))
    return lost


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEnding:
    """How an address ends that is read otherwise than in its run."""

    outcome: Outcome
    reason: Reason | None = None
    detail: str = ""
    article_id: int | None = None


def change_ending(connection: sa.Connection, address_id: int, ending: NewEnding) -> bool:
    """Count an address under another ending, in the run in which it ended; tell if it differs."""
    row = connection.execute(sa.select(address).where(address.c.id == address_id)).one()
    same = (row.outcome, row.reason) == (ending.outcome, ending.reason)
    if same or row.due_at is not None:  # what is still to be fetched has not ended
        return False
    values = {
        "outcome": ending.outcome,
        "reason": ending.reason,
        "detail": ending.detail or None,
        "article_id": ending.article_id,
    }
    connection.execute(sa.update(address).where(address.c.id == address_id).values(values))
    line = {"run_id": row.ended_run_id, "source_id": row.source_id}
    moves = (
        {**line, "outcome": row.outcome, "reason": row.reason or "", "addresses": -1},
        {**line, "outcome": ending.outcome, "reason": ending.reason or "", "addresses": 1},
    )
    add_to_tally(connection, moves)
    return True
