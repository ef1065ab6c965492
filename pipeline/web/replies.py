"""What a reply's status and headers say (pure)."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from pipeline.model import Reason

#: 203 is a 200 that a proxy has touched: RFC 9110, 15.3.4.
PAGES = frozenset({200, 203})
#: 300 and 305 offer a choice or a proxy, which is nothing to follow.
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
NOT_MODIFIED = 304
SWITCHING = 101
#: Before the reply itself; more of them than the head of a reply may take is cut off there.
INTERIM = frozenset(range(100, 200)) - {SWITCHING}
#: RFC 9112, 6.3.
WITHOUT_BODY = frozenset({SWITCHING, 204, NOT_MODIFIED})
_SERVER_ERRORS = range(500, 600)

#: A reply that asks for more is noted as this much; hosts have asked for 88 hours.
RETRY_AT_MOST = timedelta(hours=24)

_REASONS = {
    401: Reason.FORBIDDEN,
    402: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    407: Reason.FORBIDDEN,
    408: Reason.TIMEOUT,
    410: Reason.GONE,
    420: Reason.RATE_LIMITED,  # an old dialect of 429
    429: Reason.RATE_LIMITED,
    451: Reason.FORBIDDEN,  # by a court: RFC 7725
}
_CONTROLS = dict.fromkeys((*range(32), 127))
_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:")
#: What a redirect may lead to; so much every server takes (RFC 9110, 4.1).
_LONGEST_TARGET = 8_000


def reason_of(status: int, headers: Mapping[str, str]) -> Reason:
    """Return why a reply with ``status`` is no page; ``headers`` are in lower case."""
    if "cf-mitigated" in headers:  # Cloudflare's riddle for browsers comes as 403, 429 or 503
        return Reason.FORBIDDEN
    default = Reason.SERVER_ERROR if status in _SERVER_ERRORS else Reason.BAD_REPLY
    return _REASONS.get(status, default)


def retry_at(value: str | None, *, now: datetime) -> datetime | None:
    """Read a Retry-After header, in seconds or as a date; None if it names no later moment.

    >>> noon = datetime(2026, 12, 31, 12, tzinfo=UTC)
    >>> retry_at("120", now=noon).isoformat()
    '2026-12-31T12:02:00+00:00'
    >>> retry_at("317100", now=noon) == noon + RETRY_AT_MOST
    True
    >>> retry_at("-5", now=noon), retry_at("soon", now=noon)
    (None, None)
    """
    asked = _moment((value or "").strip(), now)
    return min(asked, now + RETRY_AT_MOST) if asked and asked > now else None


def _moment(value: str, now: datetime) -> datetime | None:
    if re.fullmatch("[0-9]{1,9}", value):
        return now + timedelta(seconds=int(value))
    try:
        moment = parsedate_to_datetime(value)
        # HTTP dates are GMT; those that do not say so mean it too.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def redirect_target(url: str, location: str) -> str:
    """Return where a Location header of ``url`` points: absolute, no fragment, no password.

    Header bytes reach us read as Latin-1; hosts mean UTF-8. Raises ValueError for rubbish.

    >>> redirect_target("https://a.example/xəbər/1", "/x\u00c9\u0099b\u00c9\u0099r/2")
    'https://a.example/xəbər/2'
    """
    with suppress(UnicodeDecodeError):  # then it is Latin-1 indeed
        location = location.encode("latin-1").decode()
    path, mark, query = location.translate(_CONTROLS).strip().partition("?")
    # Browsers read a backslash as a slash.
    parts = urlsplit(urljoin(url, path.replace("\\", "/") + mark + query))
    target = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
    if len(target) > _LONGEST_TARGET:
        raise ValueError(f"a redirect to an address of {len(target):,} characters")
    return target


def header_fields(lines: Iterable[bytes]) -> list[tuple[str, str]]:
    r"""Read the lines of a head, in whatever state; what has no name is passed over.

    >>> header_fields([b"Vary: a,\r\n", b"  b\r\n", b"no colon\r\n", b"ETag : x\n", b"\r\n"])
    [('Vary', 'a, b'), ('ETag', 'x')]
    """
    fields: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("latin-1")
        if found := _FIELD.match(text):
            fields.append((found[1], text[found.end() :].strip()))
        elif fields and text.startswith((" ", "\t")):  # folded, as was allowed: RFC 9112, 5.2
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {text.strip()}")
    return fields


def body_length(value: str) -> int | None:
    """Read a Content-Length header; None: it does not tell.

    Raises ValueError if it is repeated with other numbers.

    >>> body_length("12"), body_length("12, 12"), body_length("-1")
    (12, 12, None)
    """
    lengths = {int(part) for part in value.split(",") if re.fullmatch(r"\s*[0-9]{1,18}\s*", part)}
    if len(lengths) > 1:
        raise ValueError(f"Content-Length: {value[:80]}")
    return lengths.pop() if lengths else None


def lower_case_headers(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by their names in lower case; repeated ones joined by ``, ``.

    Control characters are taken out: no database or terminal wants them.

    >>> lower_case_headers([("Vary", "a"), ("vary", "b")])
    {'vary': 'a, b'}
    """
    headers: dict[str, str] = {}
    for name, value in items:
        key, clean = name.lower(), value if value.isprintable() else value.translate(_CONTROLS)
        headers[key] = f"{headers[key]}, {clean}" if key in headers else clean
    return headers
