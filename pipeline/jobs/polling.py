"""One poll of one feed: ask, parse, and give a value that says how it went."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.errors import FetchError, PostponedError, StatusError
from pipeline.feeds import parse_feed
from pipeline.listings import parse_listing, parse_sitemap
from pipeline.model import (
    Feed,
    FeedEntry,
    FeedKind,
    FeedReading,
    Page,
    ParseContext,
    Reason,
    Rejection,
    Source,
    Validators,
)
from pipeline.outlets import Outlets
from pipeline.settings import Settings
from pipeline.store.polls import Poll
from pipeline.store.sources import FeedState
from pipeline.urls import host_of, normalize_url
from pipeline.web.asking import Asker
from pipeline.web.replies import NOT_MODIFIED

#: Asks a host politely: address, validators → the reply, or a FetchError.
Ask = Callable[[str, Validators], Page]

#: Nested sitemaps read in one poll: the newest hold what is new.
SITEMAPS = 2

#: Some hosts say “not modified” for ever, or keep an ETag when the feed has changed:
#: so often the whole feed is asked for, whatever they say.
WHOLE_EVERY = timedelta(days=1)

#: A host's word for how long its reply stays true (RFC 9111, 5.2.2.1).
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def asking(asker: Asker, feed: Feed, settings: Settings) -> Ask:
    """Return how a feed is asked for."""
    # Feeds and sitemaps are published for robots; a section page is not.
    obey = feed.kind is FeedKind.LISTING

    def ask(url: str, validators: Validators) -> Page:
        return asker.ask(url, max_bytes=settings.feed_bytes, validators=validators, obey=obey)

    return ask


def poll_feed(
    state: FeedState, ask: Ask, settings: Settings, *, outlets: Outlets, now: datetime
) -> Poll:
    """Ask for a feed and parse the reply; a failure is part of the answer."""
    nothing = Poll(state=state, polled_at=now)
    try:
        page = ask(state.feed.url, _validators(state, now))
        told = replace(nothing, fresh_for=_max_age(page), moved_to=page.moved_to)
        if page.status == NOT_MODIFIED:
            return replace(told, not_modified=True)
        reading = _with_nested(_parse(page, state, settings, now=now), state, ask, settings, now)
    except FetchError as error:
        return _failed(nothing, error)
    if isinstance(reading, Rejection):
        return replace(nothing, reason=reading.reason, detail=reading.detail)
    # An index that has not changed may name a sitemap that has.
    in_doubt = reading.truncated or reading.more
    reading, keys = _keyed(reading)
    named = _named_outlets(keys, state.source, outlets)
    if state.source.is_aggregator:  # its summaries are lists of headlines
        keys = {key: replace(entry, summary="") for key, entry in keys.items()}
    return replace(
        told,
        reading=reading,
        keys=keys,
        outlets=named,
        validators=Validators() if in_doubt else page.validators,
        fresh_for=max(filter(None, (told.fresh_for, reading.time_to_live)), default=None),
    )


def _validators(state: FeedState, now: datetime) -> Validators:
    age = None if state.whole_at is None else now - state.whole_at
    # In the future: a clock was wrong, and may have been for long.
    is_young = age is not None and timedelta(0) <= age < WHOLE_EVERY
    return state.validators if is_young else Validators()


def _max_age(page: Page) -> timedelta | None:
    found = _MAX_AGE.search(page.headers.get("cache-control", ""))
    return timedelta(seconds=int(found[1])) if found and int(found[1]) else None


def _failed(nothing: Poll, error: FetchError) -> Poll:
    postponed = isinstance(error, PostponedError)
    until = error.retry_at if isinstance(error, PostponedError | StatusError) else None
    if postponed and error.reason is not Reason.RATE_LIMITED:
        until = None  # it was silent, and asked for nothing
    return replace(
        nothing,
        reason=error.reason,
        detail=error.detail,
        retry_at=until,
        asked=not postponed,
    )


def _parse(
    page: Page, state: FeedState, settings: Settings, *, now: datetime
) -> FeedReading | Rejection:
    parse = {
        FeedKind.FEED: parse_feed,
        FeedKind.LISTING: parse_listing,
        FeedKind.SITEMAP: parse_sitemap,
    }[state.feed.kind]
    context = ParseContext(
        languages=state.source.languages,
        zone=ZoneInfo(state.source.time_zone),
        now=now,
        most=settings.feed_entries,
    )
    return parse(page, state.feed, context)


def _with_nested(
    reading: FeedReading | Rejection,
    state: FeedState,
    ask: Ask,
    settings: Settings,
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


def _named_outlets(
    keys: dict[str, FeedEntry], source: Source, outlets: Outlets
) -> dict[str, Source]:
    """Return the outlets of what an aggregator lists, as far as the entries tell them."""
    if not source.is_aggregator:
        return {}
    named = {}
    for key, entry in keys.items():
        url = entry.publisher_url if outlets.is_aggregator(entry.url) else entry.url
        if url and _has_name(url) and not outlets.is_aggregator(url):
            named[key] = outlets.find(url, via=source, name=entry.publisher)
    return named


def _has_name(url: str) -> bool:
    """Tell whether an address has a name with a dot, as outlets of the public web do."""
    host = host_of(url)
    return "." in host and not host.startswith("[") and not host.rpartition(".")[2].isdigit()
