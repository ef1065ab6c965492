"""A page, alone or in a line of JSON → what it says, likewise (pure).

This is what runs in the processes that read a pile: it imports no more than they need.
"""

import binascii
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipeline.charsets import one_line
from pipeline.model import Article, ArticleSelectors, Moment, Page, Precision, Reason, Rejection
from pipeline.urls import is_homepage, join_url

#: Stands for the address of a page that does not tell it, as in browsers.
NO_ADDRESS = "about:blank"

#: Characters of a foreign message that are kept.
_LONGEST_DETAIL = 200

#: Why a line that holds no page is rejected.
BROKEN = "a line without a page"

_HTML_HEADERS = {"content-type": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What is known of a page before it is read."""

    now: datetime  # what a moment cannot be after
    zone: ZoneInfo  # of moments that name none
    languages: tuple[str, ...] = ()  # in which its outlet writes
    selectors: tuple[ArticleSelectors, ...] = ()  # where the parts of its articles stand


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a pile; ``fault`` says why it could not be read."""

    number: int
    raw: bytes
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written for a line; ``reason`` is None if it gave an article."""

    written: bytes
    reason: str | None = None


def address_or_none(url: object) -> str:
    """Return an address in the form in which pages have it, `NO_ADDRESS` for what is none.

    >>> address_or_none("https://example.org/ə#top"), address_or_none(None)
    ('https://example.org/%C9%99', 'about:blank')
    """
    try:
        return join_url(url, url) if isinstance(url, str) else NO_ADDRESS
    except ValueError:
        return NO_ADDRESS


def read_article(page: Page, context: PageContext) -> Article | Rejection:
    """Return what a page says.

    A page on which a parser fails is rejected as `Reason.UNREADABLE`: one of a pile must not
    end all.
    """
    if is_homepage(page.final_url) and not is_homepage(page.url):
        return Rejection(
            url=page.url, reason=Reason.SOFT_404, detail="redirected to the front page"
        )
    from pipeline.articles import extract_article  # noqa: PLC0415 - as late as it can be

    try:
        return extract_article(
            page,
            zone=context.zone,
            languages=context.languages,
            now=context.now,
            selectors=context.selectors,
        )
    except Exception as error:  # noqa: BLE001 - parsers raise anything; it is counted and told
        return unreadable(page.url, error)


def unreadable(url: str, error: Exception) -> Rejection:
    """Return the rejection of a page on which a parser failed."""
    detail = one_line(f"{type(error).__name__}: {error}")[:_LONGEST_DETAIL]
    return Rejection(url=url, reason=Reason.UNREADABLE, detail=detail)


# --- in a line of JSON -----------------------------------------------------

_KEYS = ("title", "text", "byline", "published_at", "language", "site", "canonical_url")


def record_of(result: Article | Rejection, *, zone: ZoneInfo) -> dict[str, str | None]:
    """Return what stands of a page in a line of JSON; each key is there, None if not told.

    ``zone`` is the one in which it was read.
    """
    if isinstance(result, Rejection):
        return {**dict.fromkeys(_KEYS), "rejection": why(result)}
    said = (
        result.title,
        result.text,
        result.byline,
        written(result.published, zone=zone) if result.published else None,
        result.language,
        result.site_name,
        result.canonical_url,
    )
    return {**dict(zip(_KEYS, said, strict=True)), "rejection": None}


def why(rejection: Rejection) -> str:
    """Return the reason of a rejection with its detail."""
    reason = str(rejection.reason)
    return f"{reason}: {rejection.detail}" if rejection.detail else reason


def written(moment: Moment, *, zone: ZoneInfo) -> str:
    """Return a moment as ISO 8601: in UTC, or as the day on the page if it tells no more.

    >>> written(Moment(at=datetime(2026, 1, 2, 9, 30, tzinfo=UTC)), zone=ZoneInfo("UTC"))
    '2026-01-02T09:30:00+00:00'
    >>> midnight = Moment(at=datetime(2026, 1, 1, 20, tzinfo=UTC), precision=Precision.DAY)
    >>> written(midnight, zone=ZoneInfo("Asia/Baku"))
    '2026-01-02'
    """
    if moment.precision is Precision.DAY:
        return (moment.day or moment.at.astimezone(zone).date()).isoformat()
    return moment.at.astimezone(UTC).isoformat(timespec="seconds")


def read_line(line: Line, context: PageContext) -> Answer:
    """Return what is written for a line; one that holds no page is told by its number."""
    fields = line.fault or _fields(line.raw)
    if isinstance(fields, str):
        return _broken(line, None, fields)
    name = fields.get("id")
    if not (name is None or isinstance(name, str | int)):
        return _broken(line, None, "has an id that is neither a text nor a whole number")
    page = _page(fields, context)
    if isinstance(page, str):
        return _broken(line, name, page)
    result = read_article(page, context)
    reason = None if isinstance(result, Article) else result.reason.value
    return Answer(_written(name, record_of(result, zone=context.zone)), reason)


def give_up(line: Line, detail: str) -> Answer:
    """Return what is written for a line that cannot be read at all."""
    fields = _fields(line.raw)
    name = fields.get("id") if isinstance(fields, dict) else None
    rejection = Rejection(url=NO_ADDRESS, reason=Reason.UNREADABLE, detail=detail)
    record = {**dict.fromkeys(_KEYS), "rejection": why(rejection)}
    known = name if isinstance(name, str | int) else None
    return Answer(_written(known, record), rejection.reason.value)


def _fields(raw: bytes) -> dict[str, object] | str:
    """Return the object that a line is, or what it is instead."""
    try:
        found = json.loads(raw, parse_constant=_refuse)
    except RecursionError:
        return "is no JSON: nested too deeply"
    except json.JSONDecodeError as error:
        return f"is no JSON: {error.msg}, at character {error.pos + 1}"
    except ValueError as error:  # no UTF-8, or a number of thousands of digits
        return f"is no JSON: {one_line(str(error))[:_LONGEST_DETAIL]}"
    return found if isinstance(found, dict) else "is no JSON object"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no value of JSON")


def _page(fields: Mapping[str, object], context: PageContext) -> Page | str:
    """Return the page that a line holds, or why it holds none."""
    text, packed = fields.get("html"), fields.get("html_b64")
    if isinstance(packed, str):
        try:
            body = b64decode("".join(packed.split()), validate=True)
        except (binascii.Error, ValueError):  # ValueError: letters that are not ASCII
            return "has an html_b64 that is no base64"
    elif isinstance(text, str):
        body = text.encode("utf-8", "replace")  # JSON may carry half a letter
    elif text is None and packed is None:
        return "has neither html nor html_b64"
    else:
        return f"has {'html' if packed is None else 'html_b64'} that is no text"
    address = address_or_none(fields.get("url"))
    return Page(
        url=address,
        final_url=address,
        status=200,
        headers={} if isinstance(packed, str) else _HTML_HEADERS,
        body=body,
        fetched_at=context.now,
    )


def _broken(line: Line, name: str | int | None, fault: str) -> Answer:
    record = {**dict.fromkeys(_KEYS), "rejection": f"line {line.number} {fault}"}
    return Answer(_written(name, record), BROKEN)


def _written(name: str | int | None, record: Mapping[str, str | None]) -> bytes:
    text = json.dumps({"id": name, **record}, ensure_ascii=False)
    # An id may hold half a letter, which UTF-8 cannot write; JSON writes it so.
    return text.encode("utf-8", "backslashreplace") + b"\n"
