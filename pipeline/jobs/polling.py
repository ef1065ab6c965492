"""One poll of one feed: ask, parse, and give a value that says how it went."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.errors import FetchError
from pipeline.feeds import parse_feed
from pipeline.listings import parse_listing, parse_sitemap
from pipeline.model import (
    Feed,
    FeedEntry,
    FeedKind,
    FeedReading,
    Page,
    Reason,
    Rejection,
    Validators,
)
from pipeline.settings import Settings
from pipeline.store.intake import FeedState, Poll
from pipeline.urls import normalize_url
from pipeline.web.asking import Asker

#: Asks a host politely: address, validators → the reply, or a FetchError.
Ask = Callable[[str, Validators], Page]

#: Nested sitemaps read in one poll: the newest hold what is new.
SITEMAPS = 2

#: HTTP's “not modified” (RFC 9110, 15.4.5).
NOT_MODIFIED = 304


def asking(asker: Asker, feed: Feed, settings: Settings) -> Ask:
    """Return how a feed is asked for."""
    # Feeds and sitemaps are published for robots; a section page is not.
    obey = feed.kind is FeedKind.LISTING

    def ask(url: str, validators: Validators) -> Page:
        return asker.ask(url, max_bytes=settings.feed_bytes, validators=validators, obey=obey)

    return ask


def poll_feed(state: FeedState, ask: Ask, settings: Settings, *, now: datetime) -> Poll:
    """Ask for a feed and parse the reply; a failure is part of the answer."""
    nothing = Poll(state=state, polled_at=now, reading=FeedReading(), keys={})
    try:
        page = ask(state.feed.url, state.validators)
        if page.status == NOT_MODIFIED:
            return nothing
        first = _parse(page, state, settings, now=now)
        reading = _with_nested(first, state, ask, settings, now=now)
    except FetchError as error:
        return replace(nothing, reason=error.reason, detail=error.detail)
    if isinstance(reading, Rejection):
        return replace(nothing, reason=reading.reason, detail=reading.detail)
    # An index that has not changed may name a sitemap that has.
    in_doubt = reading.truncated or reading.more
    reading, keys = _keyed(reading)
    validators = Validators() if in_doubt else page.validators
    return replace(nothing, reading=reading, keys=keys, validators=validators)


def _parse(
    page: Page, state: FeedState, settings: Settings, *, now: datetime
) -> FeedReading | Rejection:
    parse = {
        FeedKind.FEED: parse_feed,
        FeedKind.LISTING: parse_listing,
        FeedKind.SITEMAP: parse_sitemap,
    }[state.feed.kind]
    return parse(
        page,
        state.feed,
        languages=state.source.languages,
        zone=ZoneInfo(state.source.time_zone),
        now=now,
        most=settings.feed_entries,
    )


def _with_nested(
    reading: FeedReading | Rejection,
    state: FeedState,
    ask: Ask,
    settings: Settings,
    *,
    now: datetime,
) -> FeedReading | Rejection:
    """Add what the newest nested sitemaps list; one that is no sitemap fails the poll."""
    if isinstance(reading, Rejection):
        return reading
    for url in reading.more[:SITEMAPS]:
        nested = _parse(ask(url, Validators()), state, settings, now=now)
        if isinstance(nested, Rejection):
            return nested
        reading = replace(
            reading,
            entries=(*reading.entries, *nested.entries),
            rejections=(*reading.rejections, *nested.rejections),
            truncated=reading.truncated or nested.truncated,
        )
    return reading


def _keyed(reading: FeedReading) -> tuple[FeedReading, dict[str, FeedEntry]]:
    """File the entries under our spelling; of entries with the same address the first counts."""
    keys: dict[str, FeedEntry] = {}
    refused = []
    for entry in reading.entries:
        try:
            keys.setdefault(normalize_url(entry.url), entry)
        except ValueError as error:
            refused.append(Rejection(url=entry.url, reason=Reason.BAD_ADDRESS, detail=str(error)))
    return replace(reading, rejections=(*reading.rejections, *refused)), keys
