"""What a reply's status and headers say (pure)."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin

from pipeline.model import Reason

#: 203 is a 200 that a proxy has touched: RFC 9110, 15.3.4.
PAGES = frozenset({200, 203})
#: 300 and 305 offer a choice or a proxy, which is nothing to follow.
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
_SERVER_ERRORS = range(500, 600)

#: A reply that asks for more is noted as this much; hosts have asked for 88 hours.
RETRY_AT_MOST = timedelta(hours=24)

_REASONS = {
    401: Reason.FORBIDDEN,
    402: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    407: Reason.FORBIDDEN,
    410: Reason.GONE,
    420: Reason.RATE_LIMITED,  # an old dialect of 429
    429: Reason.RATE_LIMITED,
    451: Reason.FORBIDDEN,  # by a court: RFC 7725
}
_CONTROLS = dict.fromkeys((*range(32), 127))


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
    """Return where a Location header of ``url`` points, absolute and without fragment.

    Header bytes reach us read as Latin-1; hosts mean UTF-8. Raises ValueError for rubbish.

    >>> redirect_target("https://a.example/xəbər/1", "/x\u00c9\u0099b\u00c9\u0099r/2")
    'https://a.example/xəbər/2'
    """
    with suppress(UnicodeDecodeError):  # then it is Latin-1 indeed
        location = location.encode("latin-1").decode()
    return urldefrag(urljoin(url, location.translate(_CONTROLS).strip())).url


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
