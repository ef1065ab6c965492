"""What single pages say, of the web or of files; nothing is stored."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.charsets import decode
from pipeline.errors import FetchError
from pipeline.jobs.arrivals import FIRST_CRAWL
from pipeline.jobs.lines import PageContext, address_or_none, read_article
from pipeline.jobs.pile_files import STANDARD
from pipeline.model import Article, Page, PublisherKind, Reason, Rejection, Source
from pipeline.outlets import Outlets
from pipeline.settings import Settings
from pipeline.store.crawls import SavedPage, find_address, read_saved
from pipeline.store.pages import PageArchive
from pipeline.urls import host_of, join_url
from pipeline.web.asking import Asker
from pipeline.web.clock import Clock
from pipeline.web.locks import HostLocks
from pipeline.web.manners import manners_of

_UTC = ZoneInfo("UTC")

#: Of a page whose outlet is not known.
_NOBODY = Source(
    id="",
    name="",
    publisher=PublisherKind.OTHER,
    languages=(),
    time_zone="UTC",
    feeds=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What one place gave."""

    place: str  # as it was named
    source: Source | None = None  # of sources.yaml, at whose address the page stands
    zone: ZoneInfo = _UTC  # in which it was read
    result: Article | Rejection | None = None  # None: there is no page
    failure: str = ""  # why there is none


def is_web_address(place: str) -> bool:
    """Tell whether somebody names an address with its scheme, not a file.

    >>> [is_web_address(one) for one in ("https://example.org/1", "example.org/1", "-")]
    [True, False, False]
    """
    return "://" in place


def extract_pages(  # noqa: PLR0913 - what it needs, each by its name
    places: Iterable[str],
    sources: tuple[Source, ...],
    settings: Settings,
    *,
    clock: Clock,
    url: str | None = None,
    zone: ZoneInfo | None = None,
    show: Callable[[str], None] = lambda _: None,
) -> Iterator[Extraction]:
    """Yield what each place gave, in their order, as soon as it is known.

    A page at the address of a source is read in its zone, its languages and by its selectors,
    a file as if it had been fetched when it was last changed.

    Args:
        places: addresses, files (also packed by gzip), `STANDARD` input.
        sources: of sources.yaml.
        settings: how to ask, and how large a page may be.
        clock: tells the moment.
        url: whence a file is; None: as it tells.
        zone: of moments that name none; None: its source's, or its country's, or UTC.
        show: told of each address before it is asked.
    """
    locks = HostLocks(PageArchive(Path(settings.pages_folder)).host_locks)
    asker = Asker(settings, clock=clock, manners=manners_of(sources), locks=locks)

    def fetch(place: str) -> Page | str:
        show(place)
        return _fetch(place, asker, most=settings.page_bytes)

    def load(place: str) -> Page | str:
        return _load(place, url=url, now=clock(), most=settings.page_bytes)

    read = _Reader(sources, zone)
    try:
        for place in places:
            page = fetch(place) if is_web_address(place) else load(place)
            yield read(place, page)
    finally:
        asker.stop()


class _Reader:
    """Reads pages as what sources.yaml says of their outlets."""

    def __init__(self, sources: tuple[Source, ...], zone: ZoneInfo | None) -> None:
        self._outlets = Outlets(sources)
        self._known = {source.id for source in sources}
        self._zone = zone

    def __call__(self, place: str, page: Page | str) -> Extraction:
        if isinstance(page, str):
            return Extraction(place=place, failure=page)
        source = self._source_of(page.final_url)
        context = PageContext(
            now=page.fetched_at,
            zone=self._zone or ZoneInfo(source.time_zone),
            languages=source.languages,
            selectors=source.article,
        )
        return Extraction(
            place=place,
            source=source if source.id in self._known else None,
            zone=context.zone,
            result=read_article(page, context),
        )

    def _source_of(self, url: str) -> Source:
        try:
            host_of(url)
        except ValueError:
            return _NOBODY
        return self._outlets.find(url, via=_NOBODY)


def _fetch(place: str, asker: Asker, *, most: int) -> Page | str:
    """Return the page at an address, or why there is none."""
    try:
        url = join_url(place, place)
    except ValueError as error:
        return f"{Reason.BAD_ADDRESS}: {error}"
    try:
        return asker.ask(url, max_bytes=most)
    except FetchError as error:
        return f"{error.reason}: {error.detail}" if error.detail else str(error.reason)


def _load(place: str, *, url: str | None, now: datetime, most: int) -> Page | str:
    """Return the page in a file, or why there is none."""
    try:
        saved, saved_at = _read_stdin(most, now) if place == STANDARD else _read_file(place, most)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}; an address begins with https://"
    if saved.damage:
        return saved.damage.what
    if not saved.is_whole:
        return f"{Reason.TOO_LARGE}: more than {most:,} bytes"
    address = address_or_none(url or saved.url)
    return Page(
        url=address,
        final_url=address,
        status=200,
        headers={},
        body=saved.body,
        fetched_at=saved_at if FIRST_CRAWL <= saved_at <= now else now,
    )


def _read_file(place: str, most: int) -> tuple[SavedPage, datetime]:
    path = Path(place)
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return read_saved(path, most=most), saved_at


def _read_stdin(most: int, now: datetime) -> tuple[SavedPage, datetime]:
    with open(0, "rb", closefd=False) as stdin:
        body = stdin.read(most + 1)
    url = find_address(decode(body).text)
    return SavedPage(url=url, body=body[:most], is_whole=len(body) <= most, damage=None), now
