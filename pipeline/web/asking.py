"""How a host is asked: after its rules are known, in its turn, with its gap.

A host that wants a long pause, or that does not answer, is given it: its other
addresses are postponed, and the run goes on without them. An address that is
postponed was not asked, so nothing is held against it.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from pipeline.errors import PostponedError, StatusError, UnreachableError
from pipeline.model import Page, Reason, Validators
from pipeline.settings import Settings
from pipeline.web.clock import Clock
from pipeline.web.fetcher import Fetcher
from pipeline.web.locks import HostLocks
from pipeline.web.manners import NO_MANNERS, USUAL, Manners
from pipeline.web.pacing import Pacer, host_of
from pipeline.web.robots import Note, Recall, Robots, nothing

_UNCONDITIONAL = Validators()

#: A host that asks for a longer pause is left until a later run, seconds.
LONGEST_PAUSE = 20.0

#: By how much two requests may come closer on their way, seconds.
JITTER = 0.005

#: What “slow down” without a time is taken for: long enough for most counters, seconds.
UNNAMED_PAUSE = timedelta(seconds=60)

#: No host is left for longer than a day, whatever number it names, seconds.
LONGEST_REST = 86_400.0

#: Before a host that has just stumbled is asked once more, within the run.
RETRY_PAUSES = (timedelta(seconds=1), timedelta(seconds=3))

#: Replies in a row that ask for a long pause, after which the whole host is given it: one
#: may be about one page.
LONG_PAUSES = 2

#: Requests without a reply, in a row, after which a host is let alone, and for how long.
SILENCES = 2
SILENT_REST = timedelta(minutes=30)
_SILENT = frozenset({Reason.TIMEOUT, Reason.UNREACHABLE, Reason.DNS})


class Asker:
    """Fetches politely; one for a run, shared by its threads.

    Args:
        settings: what holds for all hosts.
        clock: the wall clock.
        manners: what the operator wrote of single hosts, by `host_of`.
        recall: gives the robots.txt that is kept of an authority.
        note: keeps a robots.txt that was just read, in the thread that asked.
        locks: the turns that are shared with other processes; closed by `stop`.
    """

    def __init__(  # noqa: PLR0913 - what a run knows, each by its name
        self,
        settings: Settings,
        *,
        clock: Clock,
        manners: Mapping[str, Manners] = NO_MANNERS,
        recall: Recall = nothing,
        note: Note = nothing,
        locks: HostLocks | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._manners = manners
        self._locks = locks or HostLocks(None)
        self._pacer = Pacer(now=clock, locks=self._locks)
        self._fetcher = Fetcher(settings, clock=clock, manners=manners)
        self._robots = Robots(
            self._fetcher, settings, clock=clock, turn=self._bare_turn, recall=recall, note=note
        )
        self._silences = _InARow()  # requests without a reply
        self._long_pauses = _InARow()  # replies that ask for one

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
            obey: whether a rule of robots.txt can forbid it; its crawl-delay holds anyway.

        Raises:
            PostponedError: the host wants or needs a rest; nothing was asked.
            FetchError: there is no usable reply, or robots.txt forbids to ask.
            StoppedError: the run is ending.
        """
        for pause in (*RETRY_PAUSES, None):
            try:
                return self._ask_once(url, max_bytes, validators, obey=obey)
            except (StatusError, UnreachableError) as error:
                if pause is None or not _may_pass(error, self._clock()):
                    raise
                self._pacer.wait_until(host_of(url), self._clock() + pause)
        raise AssertionError  # the last round returns or raises

    def _ask_once(self, url: str, max_bytes: int, validators: Validators, *, obey: bool) -> Page:
        rests: dict[str, float] = {}  # long ones, for after the last hop
        turn = partial(self._turn, obey=obey, rests=rests)
        try:
            return self._fetcher.fetch(url, max_bytes=max_bytes, validators=validators, turn=turn)
        finally:
            for host, seconds in rests.items():
                self._pacer.wait_until(host, self._clock() + timedelta(seconds=seconds))

    def stop(self) -> None:
        """Let everybody who waits for a turn go, and close the connections."""
        self._pacer.stop()
        self._fetcher.close()
        self._locks.close()

    @contextmanager
    def _turn(self, url: str, *, obey: bool, rests: dict[str, float]) -> Iterator[None]:
        host = host_of(url)
        self._refuse_if_closed(url, host)
        if obey:
            self._robots.check(url)
        gap = self._gap(host)
        delay = min(self._robots.crawl_delay(url) or 0.0, LONGEST_REST)
        if delay > LONGEST_PAUSE:
            rests[host] = delay
        else:
            gap = max(gap, delay)
        with self._pacer.turn(host, gap=_seen_by_host(gap)), self._learning(host):
            yield

    @contextmanager
    def _bare_turn(self, url: str) -> Iterator[None]:
        """The turn for a robots.txt, which is asked before any rule is known."""
        host = host_of(url)
        self._refuse_if_closed(url, host)
        gap = _seen_by_host(self._gap(host))
        with self._pacer.turn(host, gap=gap), self._learning(host):
            yield

    def _gap(self, host: str) -> float:
        written = self._manners.get(host, USUAL).gap
        return self._settings.gap if written is None else written

    @contextmanager
    def _learning(self, host: str) -> Iterator[None]:
        """Note how one request to ``host`` ends: one hop, so that no other host is blamed."""
        try:
            yield
        except StatusError as error:
            self._silences.forget(host)
            self._note_pause(host, error)
            raise
        except UnreachableError as error:
            if error.reason in _SILENT and self._silences.add(host) >= SILENCES:
                self._pacer.wait_until(host, self._clock() + SILENT_REST)
            raise
        self._silences.forget(host)
        self._long_pauses.forget(host)

    def _refuse_if_closed(self, url: str, host: str) -> None:
        pause = self._pacer.closed_for(host)
        if pause <= LONGEST_PAUSE:
            return
        again = self._clock() + timedelta(seconds=pause)
        if self._silences.of(host) >= SILENCES:
            raise PostponedError(
                url, Reason.UNREACHABLE, "the host did not answer just before", retry_at=again
            )
        raise PostponedError(url, Reason.RATE_LIMITED, _until(again), retry_at=again)

    def _note_pause(self, host: str, error: StatusError) -> None:
        until = error.retry_at
        if until is None and error.reason is Reason.RATE_LIMITED:
            until = self._clock() + UNNAMED_PAUSE
        if until is None:
            return
        is_short = until - self._clock() <= timedelta(seconds=LONGEST_PAUSE)
        if is_short or self._long_pauses.add(host) >= LONG_PAUSES:
            self._pacer.wait_until(host, until)


class _InARow:
    """Counts for each host what has happened in a row; safe to use from many threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._changing = threading.Lock()

    def add(self, host: str) -> int:
        """Count once more; return how often now."""
        with self._changing:
            self._counts[host] += 1
            return self._counts[host]

    def of(self, host: str) -> int:
        """Return how often."""
        with self._changing:
            return self._counts[host]

    def forget(self, host: str) -> None:
        """Begin anew."""
        with self._changing:
            self._counts.pop(host, None)


def _seen_by_host(gap: float) -> float:
    """Return the gap to keep so that the host, to which requests travel unevenly, sees it."""
    return gap + JITTER if gap else gap


def _may_pass(error: StatusError | UnreachableError, now: datetime) -> bool:
    """Tell whether it is worth the while to ask once more within the run."""
    if isinstance(error, StatusError) and error.retry_at:
        return error.retry_at - now <= timedelta(seconds=LONGEST_PAUSE)
    is_slow_reply = isinstance(error, StatusError) and error.reason is Reason.TIMEOUT  # a 408
    return is_slow_reply or error.reason in {Reason.SERVER_ERROR, Reason.TRUNCATED}


def _until(moment: datetime) -> str:
    return f"the host asked for a pause until {moment:%Y-%m-%d %H:%M} UTC"
