"""What files bring: a page, or why there is none (pure)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.model import Outcome, Page, Reason
from pipeline.store.crawls import SavedPage
from pipeline.store.records import Record
from pipeline.urls import host_of, join_url, normalize_url, publisher_url
from pipeline.web import recorded
from pipeline.web.recorded import RecordedReply, parse_reply
from pipeline.web.replies import NOT_MODIFIED, PAGES, REDIRECTS, reason_of

#: Replies to which a crawl has the page elsewhere, if it has it.
_ELSEWHERE = REDIRECTS | {NOT_MODIFIED}

#: Types under which pages are sent; the empty one is none. What they are, the reader sees.
_PERHAPS_HTML = frozenset(
    {"", "text/html", "application/xhtml+xml", "application/xml", "text/xml"}
    | {"application/octet-stream", "unknown/unknown"}
)

#: Before the first crawl of the web there is nothing to be found in one: a clock was wrong.
FIRST_CRAWL = datetime(1996, 1, 1, tzinfo=UTC)

_WEB = re.compile(r"https?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page that came in a file."""

    key: str  # our spelling of its address
    page: Page


@dataclass(frozen=True, slots=True)
class Missed:
    """An address without a page that could be read."""

    key: str  # our spelling of it, or what stands in its place
    outcome: Outcome
    reason: Reason


Arrival = Arrived | Missed


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the web that can be filed."""

    key: str
    url: str


def place_of(written: str) -> Place:
    """Return the address that somebody wrote.

    Raises:
        ValueError: it is none.

    >>> place_of("HTTP://www.example.org/1#top")
    Place(key='https://example.org/1', url='http://www.example.org/1')
    """
    if not _WEB.match(written):
        raise ValueError("neither http nor https")
    url = publisher_url(join_url(written, written))
    if "." not in host_of(url):  # and it might be the id of a source
        raise ValueError("a host without a dot")
    return Place(normalize_url(url), url)


def arrival_of_record(
    record: Record, *, saved_at: datetime, now: datetime, max_bytes: int
) -> Arrival | None:
    """Return what a WARC record brings; None: it is no record of a page.

    Args:
        record: a response or a resource.
        saved_at: of its file: when the page was fetched, if the record does not tell.
        now: by when it was fetched at the latest.
        max_bytes: of a page.
    """
    if record.target and not _WEB.match(record.target):
        return None  # dns: and its like
    try:
        place = place_of(record.target)
    except ValueError:
        return Missed(record.target, Outcome.REJECTED, Reason.BAD_ADDRESS)
    reply = _reply_of(record)
    if reply.status in _ELSEWHERE:
        return None
    body = _body_of(reply, record, max_bytes)
    if isinstance(body, tuple):
        return Missed(place.key, *body)
    moment = record.recorded_at
    fetched_at = moment if moment and moment >= FIRST_CRAWL else saved_at
    page = Page(
        url=place.url,
        final_url=place.url,
        status=reply.status,
        headers=reply.headers,
        body=body,
        fetched_at=min(fetched_at, now),
    )
    return Arrived(place.key, page)


def block_bytes(max_bytes: int) -> int:
    """Return how much of a record must be read to know a page of ``max_bytes``, or that it is more.

    The chunks in which a body came may take as much as the body.
    """
    return recorded.LONGEST_HEAD + 2 * max_bytes


#: What stands where there should be a reply; its status is none that a page has.
_NO_REPLY = RecordedReply(status=0, headers={}, sent=b"")


def _reply_of(record: Record) -> RecordedReply:
    if record.is_reply:
        return parse_reply(record.block) or _NO_REPLY
    headers = {"content-type": record.content_type} if record.content_type else {}
    return RecordedReply(status=200, headers=headers, sent=record.block)


def _body_of(
    reply: RecordedReply, record: Record, max_bytes: int
) -> bytes | tuple[Outcome, Reason]:
    """Return the body of a page, or how its address ends without one."""
    if reply.status not in PAGES:
        return Outcome.FAILED, reason_of(reply.status, reply.headers)
    if reply.media_type not in _PERHAPS_HTML:
        return Outcome.REJECTED, Reason.NOT_HTML
    if record.was_cut:
        return Outcome.FAILED, Reason.TRUNCATED
    if not record.is_whole:
        return Outcome.FAILED, Reason.TOO_LARGE
    body = reply.body(max_bytes=max_bytes)
    return (Outcome.FAILED, body.flaw) if body.flaw else body.body


def arrival_of_saved(saved: SavedPage, name: str, *, saved_at: datetime, now: datetime) -> Arrival:
    """Return what a saved page brings; ``name`` stands for the address of one that has none."""
    try:
        place = place_of(saved.url or "")
    except ValueError:
        return Missed(name, Outcome.REJECTED, Reason.BAD_ADDRESS)
    if not saved.is_whole:
        return Missed(place.key, Outcome.FAILED, Reason.TOO_LARGE)
    page = Page(
        url=place.url,
        final_url=place.url,
        status=200,
        headers={},
        body=saved.body,
        fetched_at=min(saved_at, now),
    )
    return Arrived(place.key, page)
