"""Where an outlet lists its newest articles: asked of the outlet itself, one request at a time.

The places are asked in the order in which they are worth it (declared by the page, linked
on it, usual ones, sitemaps, the page as a list of links), and the next kind of place only
if the ones before gave nothing that should be taken. Each reply is kept, so that none is
asked for twice.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.discovery import (
    Answer,
    Candidate,
    Origin,
    PageFacts,
    guess_feeds,
    guess_sitemaps,
    looks_like_feed,
    rank_answers,
    read_page,
)
from pipeline.errors import FetchError
from pipeline.jobs.polling import asking, poll_feed
from pipeline.model import Feed, FeedKind, Page, PublisherKind, Reason, Source, Validators
from pipeline.outlets import Outlets
from pipeline.settings import Settings
from pipeline.sources import LANGUAGES
from pipeline.store.pages import PageArchive
from pipeline.store.polls import Poll
from pipeline.store.sources import FeedState
from pipeline.urls import is_homepage, join_url
from pipeline.web.asking import Asker
from pipeline.web.locks import HostLocks

#: Requests of one search, robots.txt's own not counted. With the usual gap of two seconds
#: they take under a minute, and no host is asked more than by a reader who looks around.
BUDGET = 24
#: Of the feeds that pages declare, and of those that they link to: some outlets name sixty, one
#: for each section. What is worth a guess is a short list anyway.
EACH = 8
_MOST = defaultdict(lambda: BUDGET, {Origin.DECLARED: EACH, Origin.LINKED: EACH})

#: No reply: another spelling of the address may have one.
_NO_REPLY = frozenset(
    {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TLS, Reason.DNS, Reason.BAD_REPLY}
)
#: Failures of a front page after which its feed may answer all the same.
_ONLY_THE_PAGE = frozenset({Reason.ROBOTS, Reason.FORBIDDEN, Reason.NOT_FOUND, Reason.GONE})
#: Places of which one is enough: the rest would be the same.
_ONE_IS_ENOUGH = frozenset({Origin.GUESSED, Origin.ROBOTS})

#: Told before each request: which one it is, of how many at most, and what is asked for.
Show = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a search has found."""

    page_url: str  # where it began, after redirects
    facts: PageFacts
    answers: tuple[Answer, ...]  # in the order in which they were asked
    chosen: tuple[Answer, ...]  # to be polled; empty: nothing was found
    unasked: tuple[Candidate, ...]  # there are too many of them
    requests: int

    @property
    def others(self) -> tuple[Answer, ...]:
        """Lists of articles that could have been chosen."""
        return tuple(one for one in self.answers if one.kind and one not in self.chosen)


def discover(  # noqa: PLR0913 - what a search needs, each by its name
    urls: Iterable[str],
    settings: Settings,
    *,
    picks: Iterable[str] = (),
    zone: str = "UTC",
    clock: Callable[[], datetime],
    show: Show = lambda _done, _most, _url: None,
) -> Discovery:
    """Find out where an outlet lists its newest articles.

    Args:
        urls: where to begin: spellings of one address, the next one if nobody answers.
        settings: how to ask.
        picks: what is to be polled, no matter what else there is; may be relative to the page.
        zone: of moments that name none.
        clock: tells the moment.
        show: told of each request.

    Raises:
        ValueError: a pick is no address.
    """
    locks = HostLocks(PageArchive(Path(settings.pages_folder)).host_locks)
    asker = Asker(settings, clock=clock, locks=locks)
    try:
        search = _Search(_Desk(asker, settings, show), settings, zone=zone, now=clock())
        return search.run(tuple(urls), tuple(picks))
    finally:
        asker.stop()


class _Desk:
    """Asks, within the budget, and keeps the replies."""

    def __init__(self, asker: Asker, settings: Settings, show: Show) -> None:
        self._asker = asker
        self._settings = settings
        self._show = show
        self._pages: dict[str, Page] = {}
        self.requests = 0

    def ask(self, url: str, *, obey: bool) -> Page:
        """Return the reply; raise FetchError if there is none, or the budget is used up."""
        if page := self._pages.get(url):
            return page
        if self.requests >= BUDGET:
            raise FetchError(url, Reason.TOO_MANY, f"not asked: {BUDGET} requests are enough")
        self.requests += 1
        self._show(self.requests, BUDGET, url)
        kind = FeedKind.LISTING if obey else FeedKind.FEED
        ask = asking(self._asker, Feed(url=url, kind=kind), self._settings)
        page = ask(url, Validators())
        self._pages |= {url: page, page.final_url: page}
        return page

    def kept(self, url: str) -> Page | None:
        """Return the reply that came before; None if there was none."""
        return self._pages.get(url)


class _Search:
    """One search: what was asked, and what it answered."""

    def __init__(self, desk: _Desk, settings: Settings, *, zone: str, now: datetime) -> None:
        self._desk = desk
        self._settings = settings
        self._zone = zone
        self._now = now
        self._answers: list[Answer] = []
        self._seen: dict[str, Answer] = {}  # by the address asked, and where it led
        self._unasked: list[Candidate] = []
        self._facts = PageFacts()
        self._page_url = ""

    def run(self, urls: tuple[str, ...], picks: tuple[str, ...]) -> Discovery:
        """Look for the lists of the outlet whose address has these spellings."""
        first = self._begin(urls)
        if picks:
            chosen = self._pick([join_url(self._page_url, pick) for pick in picks])
        elif first.kind:
            chosen = (first,)
        else:
            if first.reason is None or first.reason in _ONLY_THE_PAGE:
                self._look_around()
            chosen = rank_answers(self._answers, page_url=self._page_url, now=self._now)[:1]
        return Discovery(
            page_url=self._page_url,
            facts=self._facts,
            answers=tuple(self._answers),
            chosen=chosen,
            unasked=tuple(self._unasked),
            requests=self._desk.requests,
        )

    def _begin(self, urls: tuple[str, ...]) -> Answer:
        """Ask for the first spelling that is answered, and read what the page says."""
        first, *others = (Candidate(url=url, origin=Origin.GIVEN) for url in urls)
        answer = self._ask(first)
        while others and answer.reason in _NO_REPLY:
            answer = self._ask(others.pop(0))
        page = self._desk.kept(answer.candidate.url)
        self._page_url = page.final_url if page else answer.candidate.url
        if page and not answer.kind:
            self._facts = _facts_of(page)
        return answer

    def _pick(self, urls: Iterable[str]) -> tuple[Answer, ...]:
        """Return what answers under these addresses; nothing if one of them is no list."""
        chosen: dict[str, Answer] = {}
        for url in urls:
            asked = self._ask(Candidate(url=url, origin=Origin.PICKED))
            answer = asked if asked.kind else self._read_as_list(url)
            if answer is None:
                return ()
            chosen.setdefault(answer.url, answer)
        return tuple(chosen.values())

    def _look_around(self) -> None:
        """Ask one kind of place after the other, until one gives what can be taken."""
        for places in self._places():
            self._ask_all(places)
            if self._is_found():
                return

    def _places(self) -> Iterator[Iterable[Candidate]]:
        candidates = self._facts.candidates
        is_section = not is_homepage(self._page_url)
        if is_section:  # somebody wants this one, so it is not the last resort
            self._read_as_list(self._page_url)
        for origin in (Origin.DECLARED, Origin.LINKED):
            yield [one for one in candidates if one.origin is origin]
        yield guess_feeds(self._page_url, language=self._facts.language)
        yield self._sitemaps()
        if not is_section:
            self._read_as_list(self._page_url)

    def _sitemaps(self) -> Iterable[Candidate]:
        try:
            page = self._desk.ask(join_url(self._page_url, "/robots.txt"), obey=False)
        except FetchError:
            return guess_sitemaps(self._page_url, b"")
        return guess_sitemaps(self._page_url, page.body)

    def _ask_all(self, candidates: Iterable[Candidate]) -> None:
        waiting = deque(candidates)
        asked = Counter[Origin]()
        while waiting:
            one = waiting.popleft()
            if one.url in self._seen:
                continue
            if asked[one.origin] >= _MOST[one.origin] or (one.is_of_comments and self._is_found()):
                self._unasked.append(one)
                continue
            asked[one.origin] += 1
            answer = self._ask(one)
            if one.origin in _ONE_IS_ENOUGH and not answer.weakness(now=self._now):
                return
            page = self._desk.kept(one.url)
            if page and not answer.kind:  # a page about feeds names them
                waiting += _facts_of(page).candidates

    def _is_found(self) -> bool:
        return any(not one.weakness(now=self._now) for one in self._answers)

    def _ask(self, candidate: Candidate) -> Answer:
        """Ask for an address, once, and say what it answered."""
        if known := self._seen.get(candidate.url):
            return known
        try:
            page = self._desk.ask(candidate.url, obey=_obeys(candidate))
        except FetchError as error:
            why = f"{error.reason}: {error.detail}" if error.detail else str(error.reason)
            answer = _nothing(candidate, why, reason=error.reason)
        else:
            known = self._seen.get(page.final_url)
            if known and candidate.origin is Origin.PICKED:
                return known
            answer = self._read(candidate, page) if not known else _same(candidate, known)
            self._seen.setdefault(page.final_url, answer)
        self._seen[candidate.url] = answer
        self._answers.append(answer)
        return answer

    def _read(self, candidate: Candidate, page: Page) -> Answer:
        polls = (self._poll(page, kind) for kind in (FeedKind.FEED, FeedKind.SITEMAP))
        refusals = []
        for poll in polls:
            if poll.reason is None:
                return _answer(candidate, page, poll)
            refusals.append(poll.failure or "")
        return _nothing(candidate, refusals[0])

    def _read_as_list(self, url: str) -> Answer | None:
        """Take a page that was asked for as a list of links to articles; None if it is none."""
        page = self._desk.kept(url)
        if page is None:
            return None
        poll = self._poll(page, FeedKind.LISTING)
        answer = _answer(Candidate(url=page.final_url, origin=Origin.PAGE), page, poll)
        self._answers.append(answer)
        return answer if poll.reading.entries else None

    def _poll(self, page: Page, kind: FeedKind) -> Poll:
        feed = Feed(url=page.url, kind=kind)
        language = self._facts.language
        source = Source(
            id="new",
            name="new",
            publisher=PublisherKind.OTHER,
            languages=(language,) if language in LANGUAGES else (),
            time_zone=self._zone,
            feeds=(feed,),
        )
        return poll_feed(
            FeedState(id=0, source=source, feed=feed),
            lambda url, _: self._desk.ask(url, obey=False),  # this page, or a sitemap it names
            self._settings,
            outlets=Outlets(()),
            now=self._now,
        )


def _obeys(candidate: Candidate) -> bool:
    """Tell whether robots.txt can forbid to ask: not for what is published for robots."""
    if candidate.origin in {Origin.GIVEN, Origin.PICKED}:
        return not looks_like_feed(candidate.url)
    return candidate.origin not in {Origin.DECLARED, Origin.ROBOTS}


def _facts_of(page: Page) -> PageFacts:
    facts = read_page(page)
    return facts if isinstance(facts, PageFacts) else PageFacts()


def _answer(candidate: Candidate, page: Page, poll: Poll) -> Answer:
    return Answer(
        candidate=candidate,
        url=page.moved_to or candidate.url,
        kind=poll.state.feed.kind,
        reading=poll.reading,
    )


def _same(candidate: Candidate, known: Answer) -> Answer:
    return _nothing(candidate, f"leads to {known.url}")


def _nothing(candidate: Candidate, failure: str, *, reason: Reason | None = None) -> Answer:
    return Answer(candidate=candidate, url=candidate.url, failure=failure, reason=reason)
