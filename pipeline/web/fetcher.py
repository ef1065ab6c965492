"""url → Page: one GET with all its redirects, polite in form and hard to abuse.

What is refused and bounded, and where: addresses, time and bytes at the socket (`transport`,
`metering`), schemes, redirects and statuses here, codings in `codings`. Nothing is retried but a
connection that the host had closed while it was idle; when to come back is the caller's
matter, and so is the pace: ``turn`` is entered before each hop, so that the host to which a
redirect leads is asked in its turn too; time spent waiting for it does not count. What the
operator wrote of single hosts (`manners`) holds for each hop to them and for no other.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass, replace
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from pipeline.errors import FetchError, RefusedError, StatusError, UnreachableError
from pipeline.model import Page, Reason, Validators
from pipeline.settings import Settings
from pipeline.web.clock import Clock, utc_now
from pipeline.web.codings import Decoded, decode
from pipeline.web.cookies import Cookies
from pipeline.web.manners import NO_MANNERS, USUAL, Manners
from pipeline.web.metering import Allowance, TooMuchError
from pipeline.web.pacing import host_of
from pipeline.web.replies import (
    NOT_MODIFIED,
    PAGES,
    PERMANENT,
    REDIRECTS,
    lower_case_headers,
    reason_of,
    redirect_target,
    retry_at,
)
from pipeline.web.transport import PrivateAddressError, Transport

#: Pages first, and anything rather than a 406.
ACCEPT_PAGES = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

_UNCONDITIONAL = Validators()

#: What is entered to ask for an address: its host's turn.
Turn = Callable[[str], AbstractContextManager[None]]


def at_once(_url: str) -> AbstractContextManager[None]:
    """Ask without waiting: a turn that is always there."""
    return nullcontext()


#: An unwanted body is read if that is cheaper than a new connection.
_DRAIN_BYTES = 65_536
_DRAIN_SECONDS = 0.5

#: What a header of ours may carry: a host could have planted a line break in its ETag.
_HEADER_VALUE = re.compile(r"[!-~\xa1-\xff](?:[ -~\xa1-\xff]{0,998}[!-~\xa1-\xff])?")

#: All that can come up from beneath; ValueError: a chunk size that is no number.
_WEB_ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
    PrivateAddressError,
    TooMuchError,
)

#: How a connection shows that the other side had closed it.
_HANG_UPS = (ConnectionError, ssl.SSLEOFError)

#: The first kind found among the causes of a failure tells what it was.
_FAILURES: tuple[tuple[type[BaseException], type[FetchError], Reason], ...] = (
    (PrivateAddressError, RefusedError, Reason.PRIVATE_ADDRESS),
    (TooMuchError, FetchError, Reason.TOO_LARGE),
    (socket.gaierror, UnreachableError, Reason.DNS),
    (ssl.SSLCertVerificationError, UnreachableError, Reason.TLS),
    (TimeoutError, UnreachableError, Reason.TIMEOUT),
    (http.client.IncompleteRead, UnreachableError, Reason.TRUNCATED),
    (ConnectionError, UnreachableError, Reason.UNREACHABLE),  # before HTTPException: it is both
    (http.client.HTTPException, UnreachableError, Reason.BAD_REPLY),
    (urllib3.exceptions.InvalidHeader, UnreachableError, Reason.BAD_REPLY),
    (OSError, UnreachableError, Reason.UNREACHABLE),  # last: requests' own errors are this too
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """What is asked for, the same for all hops."""

    url: str
    max_bytes: int
    accept: str
    redirects: int
    validators: Validators = _UNCONDITIONAL
    start_only: bool = False  # of a longer body, the start is enough
    plainly: bool = False  # past all caches
    cookies: Cookies

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask “has it changed?”."""
        named = {
            "If-None-Match": self.validators.etag,
            "If-Modified-Since": self.validators.last_modified,
        }
        return {name: v for name, v in named.items() if v and _HEADER_VALUE.fullmatch(v)}


@dataclass(frozen=True, slots=True)
class _Moved:
    """A reply that points elsewhere."""

    to: str
    for_good: bool


class Fetcher:
    """Fetches pages; one for a run, shared by its threads; closes its connections as a context.

    ``ca_file`` holds the certificates that are trusted; ``manners`` tell by `host_of` of hosts
    that are asked otherwise.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = utc_now,
        ca_file: str = DEFAULT_CA_BUNDLE_PATH,
        manners: Mapping[str, Manners] = NO_MANNERS,
    ) -> None:
        self._settings = settings
        self._manners = manners
        self._clock = clock
        self._transport = Transport(settings, ca_file=ca_file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept alive."""
        self._transport.close()

    def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        accept: str = ACCEPT_PAGES,
        validators: Validators = _UNCONDITIONAL,
        turn: Turn = at_once,
    ) -> Page:
        """Return the page at ``url``; with status 304 and no body if ``validators`` still hold.

        ``max_bytes`` bounds the body both as sent and decompressed; ``turn`` is held around
        each hop, and what it raises is raised.

        Raises:
            RefusedError: The scheme, the address or the URL itself is none that we ask.
            UnreachableError: No reply, or a broken one.
            StatusError: A reply that is no page.
            FetchError: Too large, too many redirects, a coding nobody asked for.
        """
        ask = _Ask(
            url=url,
            max_bytes=max_bytes,
            accept=accept,
            validators=validators,
            redirects=self._settings.redirects,
            cookies=Cookies(),
        )
        return self._followed(ask, turn)

    def fetch_start(
        self, url: str, *, max_bytes: int, accept: str, redirects: int, turn: Turn = at_once
    ) -> Page:
        """Return the page at ``url``, cut after ``max_bytes`` bytes; raises as `fetch`."""
        ask = _Ask(
            url=url,
            max_bytes=max_bytes,
            accept=accept,
            redirects=redirects,
            start_only=True,
            cookies=Cookies(),
        )
        return self._followed(ask, turn)

    def _followed(self, ask: _Ask, turn: Turn) -> Page:
        allowance = Allowance(monotonic() + self._settings.request_time, ask.max_bytes)
        url, moved_to, for_good = ask.url, None, True
        asked: set[tuple[str, str]] = set()  # addresses, with the cookies that were sent
        while True:
            asked.add((url, ask.cookies.for_url(url)))
            waiting = monotonic()
            with turn(url):
                allowance.ends += monotonic() - waiting
                found = self._asked(url, ask, allowance)
            if isinstance(found, Page):
                return replace(found, moved_to=moved_to) if moved_to else found
            again = (found.to, ask.cookies.for_url(found.to)) in asked
            if again or len(asked) > ask.redirects:
                raise FetchError(ask.url, Reason.TOO_MANY_REDIRECTS, f"at {url[:200]}")
            url = found.to
            for_good = for_good and found.for_good
            if for_good:
                moved_to = url if url != ask.url else None

    def _asked(self, url: str, ask: _Ask, allowance: Allowance) -> Page | _Moved:
        """Ask once; return the page, or where the reply points."""
        request = self._prepared(url, ask)
        verify = self._manners_of(url).verify_tls
        try:
            with closing(self._sent(request, allowance, verify=verify)) as raw:
                headers = lower_case_headers(raw.headers.items())
                if raw.status in PAGES:
                    return self._page(url, ask, raw, headers, allowance)
                _drain(raw, allowance)
                if raw.status in REDIRECTS and "location" in headers:
                    return _moved(url, ask, raw)
        except FetchError:
            raise
        except _WEB_ERRORS as error:
            raise _translated(ask.url, error, begun=allowance.received > 0) from error
        if raw.status == NOT_MODIFIED and ask.conditions:
            return self._unchanged(url, ask, headers)
        if raw.status == NOT_MODIFIED and not ask.plainly:
            return self._asked(url, replace(ask, plainly=True), allowance)
        now = self._clock()
        raise StatusError(
            ask.url,
            reason_of(raw.status, headers),
            status=raw.status,
            retry_at=retry_at(headers.get("retry-after"), now=now),
        )

    def _prepared(self, url: str, ask: _Ask) -> requests.PreparedRequest:
        request = requests.PreparedRequest()
        try:
            scheme = urlsplit(url).scheme
            if scheme and scheme not in {"http", "https"}:
                raise RefusedError(ask.url, Reason.BAD_SCHEME, f"{scheme}: is not asked")
            request.prepare_url(url, None)
        except (requests.RequestException, ValueError) as error:
            raise RefusedError(ask.url, Reason.BAD_ADDRESS, str(error)[:200]) from error
        cookie = ask.cookies.for_url(url)
        request.headers = CaseInsensitiveDict(
            {
                "User-Agent": self._manners_of(url).user_agent or self._settings.user_agent,
                "Accept": ask.accept,
                "Accept-Encoding": "gzip, deflate",
            }
            | ask.conditions
            | ({"Cache-Control": "no-cache"} if ask.plainly else {})
            | ({"Cookie": cookie} if cookie else {})
        )
        return request

    def _manners_of(self, url: str) -> Manners:
        return self._manners.get(host_of(url), USUAL) if self._manners else USUAL

    def _sent(
        self, request: requests.PreparedRequest, allowance: Allowance, *, verify: bool
    ) -> urllib3.BaseHTTPResponse:
        try:
            return self._transport.ask(request, allowance, verify=verify)
        except _WEB_ERRORS as error:
            if not (allowance.reused and _was_stale(error, allowance)):
                raise
        # The host closed an idle connection just as we used it and has not seen the request,
        # or something of its last reply was left on it.
        return self._transport.ask(request, allowance, verify=verify)

    def _page(
        self,
        url: str,
        ask: _Ask,
        raw: urllib3.BaseHTTPResponse,
        headers: dict[str, str],
        allowance: Allowance,
    ) -> Page:
        if (raw.length_remaining or 0) > ask.max_bytes and not ask.start_only:
            raise FetchError(ask.url, Reason.TOO_LARGE, f"{raw.length_remaining:,} bytes announced")
        sent = _read(raw, ask.max_bytes) + allowance.surplus
        decoded = _decoded(sent[: ask.max_bytes], headers, ask.max_bytes)
        flaw = decoded.flaw
        if len(sent) > ask.max_bytes and flaw is not Reason.BAD_REPLY:
            flaw = Reason.TOO_LARGE
        if flaw and not (ask.start_only and flaw is Reason.TOO_LARGE):
            kind = UnreachableError if flaw is Reason.TRUNCATED else FetchError
            raise kind(ask.url, flaw)
        return Page(
            url=ask.url,
            final_url=url,
            status=raw.status,
            headers=headers,
            body=decoded.body,
            fetched_at=self._clock(),
            sent_body=sent if decoded.as_declared else b"",
        )

    def _unchanged(self, url: str, ask: _Ask, headers: dict[str, str]) -> Page:
        return Page(
            url=ask.url,
            final_url=url,
            status=NOT_MODIFIED,
            headers=headers,
            body=b"",
            fetched_at=self._clock(),
        )


def _moved(url: str, ask: _Ask, raw: urllib3.BaseHTTPResponse) -> _Moved:
    ask.cookies.take(url, raw.headers.getlist("set-cookie"))
    target = redirect_target(url, raw.headers.getlist("location")[0])
    return _Moved(target, for_good=raw.status in PERMANENT)


def _decoded(sent: bytes, headers: Mapping[str, str], max_bytes: int) -> Decoded:
    """Undo the codings of the transfer, then those of the content."""
    transfer = headers.get("transfer-encoding", "").lower()
    content = headers.get("content-encoding", "")
    if transfer in {"", "chunked"}:
        return decode(sent, content, max_bytes=max_bytes)
    # “gzip, chunked”: the chunks are joined already. Nobody will read the two from a file.
    first = decode(sent, transfer, max_bytes=max_bytes)
    return replace(
        first if first.flaw else decode(first.body, content, max_bytes=max_bytes),
        as_declared=False,
    )


def _read(raw: urllib3.BaseHTTPResponse, max_bytes: int) -> bytes:
    """Read a body as it was sent, at most one byte beyond the cap."""
    pieces: list[bytes] = []
    room = max_bytes + 1
    while room and (piece := raw.read(room, decode_content=False)):
        pieces.append(piece)
        room -= len(piece)
    return b"".join(pieces)


def _drain(raw: urllib3.BaseHTTPResponse, allowance: Allowance) -> None:
    """Read the rest of a small unwanted body, so that the connection serves again."""
    # Whatever is wrong with it, it is not wanted.
    with allowance.at_most(_DRAIN_SECONDS), suppress(*_WEB_ERRORS):
        raw.read(_DRAIN_BYTES, decode_content=False)


def _was_stale(error: BaseException, allowance: Allowance) -> bool:
    """Tell whether the connection, not the host, was the matter."""
    causes = tuple(_causes(error))
    if any(isinstance(cause, _HANG_UPS) for cause in causes):
        return not allowance.received
    return any(isinstance(cause, http.client.BadStatusLine) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _translated(url: str, error: BaseException, *, begun: bool) -> FetchError:
    """Say in our words why a request failed; ``begun``: some of the reply had come."""
    causes = tuple(_causes(error))
    detail = str(causes[-1])[:200] or type(causes[-1]).__name__
    for kind, made, reason in _FAILURES:
        if any(isinstance(cause, kind) for cause in causes):
            cut = begun and reason is Reason.UNREACHABLE
            return made(url, Reason.TRUNCATED if cut else reason, detail)
    return UnreachableError(url, Reason.BAD_REPLY, detail)
