"""What a host allows robots to read: RFC 9309, by protego.

Where the RFC leaves a choice, and what we chose:

- 401 and 403 for robots.txt: the RFC lets a robot read on (2.3.1.3). We do not: a host that
  locks its rules away does not invite us.
- 429, 5xx, no reply: nothing is read (2.3.1.4, and 429 means the same). The address then fails
  for that reason, not for “robots.txt forbids it”, so that a host that is down is not taken
  for one that refuses. Rules that were had within a day stand in; else the question is put
  again with the next address, some times in a run.
- Rules are kept between runs: by whom is the caller's matter, for how long is told here.
- A longer file than `Settings.robots_bytes` counts up to there (2.5). HTML is no robots.txt.

Groups for other robots are renamed to one before protego reads them: it keeps a list of rules
for each name, and half a megabyte of names before half a megabyte of rules fills the memory.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from protego import Protego

from pipeline.errors import (
    FetchError,
    PostponedError,
    RefusedError,
    StatusError,
    UnreachableError,
)
from pipeline.model import Reason, RobotsFile
from pipeline.settings import Settings
from pipeline.sources import PRODUCT
from pipeline.web.clock import Clock, utc_now
from pipeline.web.fetcher import Fetcher, Turn, at_once

#: RFC 9309, 2.3.1.2. With more, the file counts as missing.
_REDIRECTS = 5
_FORBIDDEN = frozenset({401, 403})
#: A reply without rules. 202 and 204 have none either.
_MISSING = frozenset(range(200, 500)) - _FORBIDDEN - {408, 429}

#: Rules so young are used without asking: a host that changes its mind is heard within half
#: a day, and a run every hour asks for them twice a day and not 24 times.
KEPT_FOR = timedelta(hours=12)
#: RFC 9309, 2.4: no copy is used for longer, even if the host cannot be asked.
STANDS_IN_FOR = timedelta(hours=24)
#: A host that stumbles is asked for its rules again, but not for each of its pages.
_ATTEMPTS = 3

_AGENT = re.compile(r"user[-\s]*agent\b[\s:]*(.*)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z_-]+")
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|!--)", re.IGNORECASE)

#: Returns what is kept for an authority.
Recall = Callable[[str], RobotsFile | None]
#: Keeps a file; called in the thread that has fetched it.
Note = Callable[[RobotsFile], None]


def nothing(_: str | RobotsFile) -> None:
    """Keep nothing, and recall nothing."""


@dataclass(slots=True)
class _Rules:
    """What one authority's robots.txt came to."""

    reading: threading.Lock = field(default_factory=threading.Lock)
    parsed: Protego | None = None  # None: not asked for yet, or failed
    failure: FetchError | None = None
    attempts: int = 0

    @property
    def are_wanted(self) -> bool:
        """Whether to ask for them, perhaps once more."""
        may_pass = self.failure is None or _may_pass(self.failure)
        return self.parsed is None and may_pass and self.attempts < _ATTEMPTS


class Robots:
    """The rules of all hosts, each had once; one for a run, shared by its threads.

    The first question about a host fetches its robots.txt, within the ``turn`` of that host,
    unless a young enough one is recalled.
    """

    def __init__(  # noqa: PLR0913 - what a run is made of
        self,
        fetcher: Fetcher,
        settings: Settings,
        *,
        clock: Clock = utc_now,
        turn: Turn = at_once,
        recall: Recall = nothing,
        note: Note = nothing,
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._turn = turn
        self._recall = recall
        self._note = note
        self._max_bytes = settings.robots_bytes
        self._token = product_token(settings.user_agent)
        self._rules: dict[str, _Rules] = {}
        self._changes = threading.Lock()

    def check(self, url: str) -> None:
        """Return if ``url`` may be read.

        Raises:
            RefusedError: robots.txt forbids it.
            FetchError: The rules cannot be had now, so nothing may be read.
        """
        rules = self._rules_for(url)
        failure = rules.failure  # once: another thread may have better luck just now
        if failure:
            raise _retold(failure, url)
        if rules.parsed and not rules.parsed.can_fetch(url, self._token):
            raise RefusedError(url, Reason.ROBOTS)

    def crawl_delay(self, url: str) -> float | None:
        """Return the seconds that the host wants between two requests; None if it does not say."""
        rules = self._rules_for(url)
        return rules.parsed.crawl_delay(self._token) if rules.parsed else None

    def _rules_for(self, url: str) -> _Rules:
        authority = _authority(url)
        with self._changes:
            rules = self._rules.setdefault(authority, _Rules())
        with rules.reading:
            if rules.are_wanted:
                self._find(authority, rules)
        return rules

    def _find(self, authority: str, rules: _Rules) -> None:
        now = self._clock()
        kept = self._recall(authority)
        if kept and kept.is_younger(KEPT_FOR, now=now):
            rules.parsed = parse_robots(kept.body, self._token)
            return
        rules.attempts += 1
        try:
            body = self._read(f"{authority}/robots.txt")
        except FetchError as error:
            if not (kept and kept.is_younger(STANDS_IN_FOR, now=now) and _may_pass(error)):
                rules.failure = error
                return
            body = kept.body
        else:
            self._note(RobotsFile(authority, self._clock(), body))
        rules.parsed, rules.failure = parse_robots(body, self._token), None

    def _read(self, url: str) -> bytes:
        """Fetch a robots.txt, up to the cap; empty if there is none."""
        try:
            page = self._fetcher.fetch_start(
                url,
                max_bytes=self._max_bytes,
                accept="text/plain",
                redirects=_REDIRECTS,
                turn=self._turn,
            )
        except FetchError as error:
            if _is_missing(error):
                return b""
            raise
        if len(page.body) < self._max_bytes:
            return page.body
        return page.body.rpartition(b"\n")[0]  # cut: half a path may be a whole site


def _authority(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""  # and asking for its robots.txt will say why
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def product_token(user_agent: str) -> str:
    """Return the name under which robots.txt addresses us (RFC 9309, 2.2.1).

    >>> product_token("solidarity-digest/0.1 (+https://example.org)")
    'solidarity-digest'
    >>> product_token("Mozilla/5.0 (X11; Linux) solidarity-digest/0.1")
    'solidarity-digest'
    >>> product_token("harbour-archive/2 (+https://example.org)")
    'harbour-archive'
    """
    if PRODUCT in user_agent:
        return PRODUCT
    named = re.match(r"(?:Mozilla/\S+ \(compatible; )?([A-Za-z_-]+)", user_agent)
    return named[1] if named else "robot"


def parse_robots(body: bytes, token: str) -> Protego:
    """Read the rules for ``token``; a page in HTML has none."""
    text = body.decode("utf-8-sig", errors="replace")
    if _HTML.match(text):  # by sight: plain rules declared text/html are common
        return Protego()
    return Protego.parse("\n".join(_readdressed(line, token) for line in text.splitlines()))


def _readdressed(line: str, token: str) -> str:
    """Write an agent line so that there are three robots: all, us, and the rest."""
    found = _AGENT.match(line.partition("#")[0].strip())
    if not found:
        return line
    name = found[1].strip()
    if name.startswith("*"):
        return "User-agent: *"
    named = _TOKEN.match(name)
    ours = named is not None and named[0].lower() == token.lower()
    return f"User-agent: {token}" if ours else f"User-agent: {token}-not"


def _is_missing(error: FetchError) -> bool:
    """Tell whether a failure means that there is no robots.txt, so that all may be read."""
    if isinstance(error, StatusError):
        return error.status in _MISSING
    return error.reason is Reason.TOO_MANY_REDIRECTS


def _may_pass(error: FetchError) -> bool:
    """Tell whether a failure says nothing about the rules, only that they were not had."""
    if isinstance(error, StatusError):
        return error.status not in _FORBIDDEN
    return isinstance(error, UnreachableError | PostponedError)


def _retold(failure: FetchError, url: str) -> FetchError:
    """Return why ``url`` must not be read, given why its robots.txt could not be."""
    detail = f"robots.txt: {failure.detail or failure.reason}"
    if isinstance(failure, PostponedError):
        return PostponedError(url, failure.reason, detail, retry_at=failure.retry_at)
    if isinstance(failure, StatusError) and failure.status not in _FORBIDDEN:
        return StatusError(
            url, failure.reason, detail, status=failure.status, retry_at=failure.retry_at
        )
    if isinstance(failure, StatusError):
        return RefusedError(url, Reason.ROBOTS, detail)
    return type(failure)(url, failure.reason, detail)
