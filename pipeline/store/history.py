"""What became of one article: its versions, where it was seen, where its raw page lies."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pipeline.store.pages import PageLocation
from pipeline.store.tables import (
    address,
    article,
    article_text,
    feed,
    former_version,
    page,
    sighting,
    source,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An article as it was at one time."""

    number: int  # 1 is the first we saw
    title: str
    text: str
    words: int
    fetched_at: datetime
    page: PageLocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An address of an article, as one feed names it."""

    address_url: str
    feed_url: str
    source_name: str
    source_publisher: str
    first_seen_at: datetime
    last_seen_at: datetime
    changes: int  # how often the feed's title or summary changed


def versions_of(connection: sa.Connection, number: int) -> list[Version]:
    """Return the versions of an article, the first first; none if there is no such article."""
    location = (page.c.fetched_at, page.c.file, page.c.start, page.c.size)
    former = (
        sa.select(
            former_version.c.number,
            former_version.c.title,
            former_version.c.text,
            former_version.c.words,
            *location,
        )
        .join(page, page.c.id == former_version.c.page_id)
        .where(former_version.c.article_id == number)
    )
    now = (
        sa.select(
            article.c.version, article.c.title, article_text.c.text, article.c.words, *location
        )
        .join(article_text, article_text.c.article_id == article.c.id)
        .join(page, page.c.id == article.c.page_id)
        .where(article.c.id == number)
    )
    rows = [*connection.execute(former), *connection.execute(now)]
    found = [
        Version(
            number=version,
            title=title,
            text=text,
            words=words,
            fetched_at=fetched_at,
            page=PageLocation(*place),
        )
        for version, title, text, words, fetched_at, *place in rows
    ]
    return sorted(found, key=lambda one: one.number)


def sightings_of(connection: sa.Connection, number: int) -> list[Sighting]:
    """Return where feeds named an article, the first first."""
    rows = connection.execute(
        sa.select(
            address.c.url.label("address_url"),
            feed.c.url.label("feed_url"),
            source.c.name.label("source_name"),
            source.c.publisher.label("source_publisher"),
            sighting.c.first_seen_at,
            sighting.c.last_seen_at,
            sighting.c.changes,
        )
        .select_from(sighting)
        .join(address, address.c.id == sighting.c.address_id)
        .join(feed, feed.c.id == sighting.c.feed_id)
        .join(source, source.c.id == feed.c.source_id)
        .where(address.c.article_id == number)
        .order_by(sighting.c.first_seen_at, feed.c.id, address.c.id)
    )
    return [Sighting(**row._mapping) for row in rows]  # noqa: SLF001 - its public name
