"""How a host is asked: after its rules are known, in its turn, with its gap."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial

from pipeline.errors import StatusError
from pipeline.model import Page, Reason, Validators
from pipeline.settings import Settings
from pipeline.web.clock import Clock
from pipeline.web.fetcher import Fetcher
from pipeline.web.pacing import Pacer, host_of
from pipeline.web.robots import Robots

_UNCONDITIONAL = Validators()

#: A host that asks for a longer pause is left until the next run, seconds.
LONGEST_PAUSE = 20.0

#: “Too many requests” (RFC 6585, 4).
_TOO_MANY = 429


class Asker:
    """Fetches politely; one for a run, shared by its threads."""

    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._pacer = Pacer(now=clock)
        self._fetcher = Fetcher(settings, clock=clock)
        self._robots = Robots(self._fetcher, settings, turn=self._bare_turn)

    def ask(
        self,
        url: str,
        *,
        max_bytes: int,
        validators: Validators = _UNCONDITIONAL,
        obey: bool = True,
    ) -> Page:
        """Fetch ``url`` when its host's turn comes, and follow redirects in theirs.

        Args:
            url: what to fetch.
            max_bytes: of the body, decompressed; more is an error.
            validators: what to ask “has it changed?” with.
            obey: whether robots.txt has a say; a feed is published for robots.

        Raises:
            FetchError: there is no usable reply, or robots.txt forbids to ask.
            StoppedError: the run is ending.
        """
        turn = partial(self._turn, obey=obey)
        try:
            return self._fetcher.fetch(url, max_bytes=max_bytes, validators=validators, turn=turn)
        except StatusError as error:
            if error.retry_at:
                self._pacer.wait_until(host_of(error.url), error.retry_at)
            raise

    def stop(self) -> None:
        """Let everybody who waits for a turn go, and close the connections."""
        self._pacer.stop()
        self._fetcher.close()

    @contextmanager
    def _turn(self, url: str, *, obey: bool) -> Iterator[None]:
        host = host_of(url)
        self._refuse_if_closed(url, host)
        if obey:
            self._robots.check(url)
        gap = max(self._settings.gap, self._robots.crawl_delay(url) or 0.0)
        with self._pacer.turn(host, gap=gap):
            yield

    def _bare_turn(self, url: str) -> AbstractContextManager[None]:
        """The turn for a robots.txt, which is asked before any rule is known."""
        return self._pacer.turn(host_of(url), gap=self._settings.gap)

    def _refuse_if_closed(self, url: str, host: str) -> None:
        pause = self._pacer.closed_for(host)
        if pause > LONGEST_PAUSE:
            again = self._clock() + timedelta(seconds=pause)
            detail = f"the host asked not to be asked before {again:%Y-%m-%d %H:%M} UTC"
            raise StatusError(url, Reason.RATE_LIMITED, detail, status=_TOO_MANY, retry_at=again)
