"""The command `extract`: what pages say, and why we believe it."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from time import monotonic
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from pipeline.cli import printing
from pipeline.cli.options import Database, Reports, Sources, choose
from pipeline.cli.output import plain, write_line
from pipeline.cli.progress import Step, shown
from pipeline.cli.showing import told_apart
from pipeline.errors import ConfigError
from pipeline.jobs.extract import Extraction, extract_pages, is_web_address
from pipeline.jobs.lines import NO_ADDRESS, PageContext, record_of, why, written
from pipeline.jobs.pile_files import STANDARD, opened_pile, written_pile
from pipeline.jobs.piles import PileReport, Show, extract_pile
from pipeline.model import Article, Moment, Precision, Rejection
from pipeline.urls import join_url
from pipeline.web.clock import utc_now

#: As a check that found something.
NO_ARTICLE = 1

#: The size of a pile is shown in these.
_KILOBYTE = 1_000


def extract(
    places: Annotated[
        list[str] | None,
        typer.Argument(metavar="URL|FILE", help="Addresses, HTML files, - for stdin."),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Whence the file is [as it tells itself]."),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="For dates without one [the source's, or UTC]."),
    ] = None,
    jsonl: Annotated[
        str | None,
        typer.Option(metavar="IN", help="Read a pile of pages, one a line; - for stdin."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="OUT", help="Where the lines of a pile go; - for stdout."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes that read a pile [one a core]."),
    ] = None,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print one JSON object a page; of a pile, the figures."),
    ] = False,
) -> None:
    """Read pages and say what was read, and why; nothing is stored.

    An address is fetched as any other page is. A page at the address of a source is read in its
    time zone, its languages and by its selectors.

    With --jsonl a pile of pages is read on all cores, whatever sources.yaml says: a line
    {"id", "url", "html"}, or "html_b64" with the bytes as they were sent, gives a line {"id",
    "title", "text", "byline", "published_at", "language", "site", "canonical_url", "rejection"},
    in the same order. Files that end in .gz are packed. OUT is there when it is whole.

    Example: solidarity extract https://example.org/news/1 saved.html

    Example: solidarity extract --url https://example.org/news/1 - < page.html

    Example: solidarity extract --jsonl pages.jsonl.gz --out read.jsonl.gz --zone Asia/Baku
    """
    chosen = _zone(zone)
    if jsonl is not None or out is not None:
        _check_pile(jsonl, out, named=[*(places or []), *([url] if url else [])], as_json=as_json)
        _extract_pile(jsonl or "", out or "", chosen, jobs, as_json=as_json)
        return
    if not places:
        raise ConfigError("name an address, an HTML file, or - for stdin; or a pile with --jsonl")
    if jobs is not None:
        raise ConfigError("--jobs goes with --jsonl")
    settings, catalogue = choose(sources, database, reports)
    found = extract_pages(
        places,
        catalogue.sources,
        settings,
        clock=utc_now,
        url=_address(url, places),
        zone=chosen,
        show=lambda place: write_line(plain(f"extract: {place}"), to=sys.stderr),
    )
    read = [_print(one, as_json=as_json) for one in found]
    if not all(read):
        raise typer.Exit(NO_ARTICLE)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name is not None else None
    except (KeyError, OSError, ValueError) as error:  # as names of files that are not there
        raise ConfigError(f"--zone: none such as Asia/Baku: {name!r}") from error


def _address(url: str | None, places: list[str]) -> str | None:
    if url is None:
        return None
    if len(places) != 1 or is_web_address(places[0]):
        raise ConfigError("--url goes with one file")
    try:
        return join_url(url, url)
    except ValueError as error:
        raise ConfigError(f"--url: {error}") from error


# --- a page ----------------------------------------------------------------


def _print(one: Extraction, *, as_json: bool) -> bool:
    """Print what a place gave; tell whether it was an article."""
    if as_json:
        printing.print_json(_record(one))
    else:
        for line in _lines(one):
            printing.print_line(line)
        printing.print_line("")
    return isinstance(one.result, Article)


def _lines(one: Extraction) -> Iterator[str]:
    yield one.place
    match one.result:
        case Article() as made:
            yield from _address_lines(made)
            yield _line("source", one.source.id if one.source else "none of sources.yaml")
            yield from _facts(made, one.zone)
            yield from _doubts(made)
            yield f"\n{made.text}"
        case Rejection() as rejection:
            yield _line("rejected", why(rejection))
        case None:
            yield _line("failed", one.failure)


def _line(name: str, said: str | None, origin: str | None = None) -> str:
    """Return a line for a field, with the evidence that won."""
    where = f"  ({origin})" if origin else ""
    return f"  {name:<14}{said or '-'}{where}"


def _address_lines(made: Article) -> Iterator[str]:
    is_known = made.url != NO_ADDRESS
    yield _line("address", made.url if is_known else "not known; --url names it")
    yield _line("canonical", made.canonical_url, made.origins.get("canonical_url"))


def _facts(made: Article, zone: ZoneInfo) -> Iterator[str]:
    origins = made.origins
    yield _line("title", made.title, origins.get("title"))
    yield _line("byline", made.byline, origins.get("byline"))
    yield _line("published", _moment(made.published, zone), origins.get("published"))
    yield _line("modified", _moment(made.modified, zone), origins.get("modified"))
    yield _line("language", made.language, origins.get("language"))
    yield _line("site", made.site_name, origins.get("site_name"))
    image = made.image
    alt = f" “{image.alt}”" if image and image.alt else ""
    yield _line("image", f"{image.url}{alt}" if image else None, origins.get("image"))
    for each in made.alternates:
        yield _line("alternate", f"{each.language}: {each.url}")
    yield _line("paywalled", "yes" if made.is_paywalled else "no")


def _doubts(made: Article) -> Iterator[str]:
    paragraphs = made.text.count("\n\n") + 1
    size = f"{len(made.text):,} characters in {paragraphs} paragraphs"
    yield _line("text", size, made.text_origin.value)
    yield _line("confidence", f"{made.confidence:.2f}")
    for one in made.disagreements:
        yield _line("disagreement", told_apart(one))


def _moment(moment: Moment | None, zone: ZoneInfo) -> str | None:
    if moment is None:
        return None
    if moment.precision is Precision.DAY:
        return f"{written(moment, zone=zone)}, to the day"
    day = f"; on the page {moment.day}" if moment.day else ""
    return f"{moment.at:%Y-%m-%d %H:%M} UTC, to the minute{day}"


def _record(one: Extraction) -> dict[str, object]:
    """Return all that is known of a page, with the keys of a pile's lines."""
    record: dict[str, object] = {
        "place": one.place,
        "source": one.source.id if one.source else None,
        "failure": one.failure or None,
    }
    if one.result is None:
        return record
    record |= {"url": one.result.url, **record_of(one.result, zone=one.zone)}
    if isinstance(one.result, Rejection):
        return record
    made = one.result
    all_of_it = asdict(made)
    return {
        **record,
        "published": _moment_record(made.published),
        "modified": _moment_record(made.modified),
        **{name: all_of_it[name] for name in _MORE},
    }


#: What an article has besides what stands in a line of a pile.
_MORE = (
    "image",
    "alternates",
    "is_paywalled",
    "text_origin",
    "confidence",
    "disagreements",
    "origins",
)


def _moment_record(moment: Moment | None) -> dict[str, str | None] | None:
    if moment is None:
        return None
    return {
        "at": moment.at.isoformat(),
        "precision": moment.precision.value,
        "day": moment.day.isoformat() if moment.day else None,
        "origin": moment.origin,
    }


# --- a pile ----------------------------------------------------------------


def _check_pile(jsonl: str | None, out: str | None, *, named: list[str], as_json: bool) -> None:
    """Refuse what cannot be meant."""
    if not jsonl or not out:
        raise ConfigError("--jsonl IN and --out OUT go together; - is stdin or stdout")
    if named:
        raise ConfigError(f"--jsonl reads the pages in it, and no other: {named[0]}")
    if as_json and out == STANDARD:
        raise ConfigError("--json and --out - both write to stdout; name a file for one of them")


def _extract_pile(
    jsonl: str, out: str, zone: ZoneInfo | None, jobs: int | None, *, as_json: bool
) -> None:
    context = PageContext(now=utc_now(), zone=zone or ZoneInfo("UTC"))
    began = monotonic()
    with (
        opened_pile(jsonl) as pile,
        written_pile(out, source=jsonl) as write,
        shown("extract, kB") as step,
    ):
        report = extract_pile(pile, write, context, processes=jobs, show=_shower(step))
    seconds = monotonic() - began
    write_line(_summary(report, seconds), to=sys.stderr if out == STANDARD else sys.stdout)
    if as_json:
        printing.print_json(_figures(report, seconds))
    if report.broken:
        raise typer.Exit(NO_ARTICLE)


def _shower(step: Step) -> Show:
    """Return what tells ``step`` how far a pile is read."""

    def show(done: int, total: int, so_far: PileReport) -> None:
        rejected = so_far.pages - so_far.read
        step(done // _KILOBYTE, total // _KILOBYTE, f"pages {so_far.pages}, rejected {rejected}")

    return show


def _summary(report: PileReport, seconds: float) -> str:
    rejected = report.pages - report.read
    reasons = "; ".join(f"{count} {reason}" for reason, count in report.rejected.items())
    told = f" ({reasons})" if reasons else ""
    return (
        f"{report.pages} page{'' if report.pages == 1 else 's'} in {seconds:.1f} seconds: "
        f"{report.read} read, {rejected} rejected{told}"
    )


def _figures(report: PileReport, seconds: float) -> dict[str, object]:
    return {
        "pages": report.pages,
        "read": report.read,
        "rejected": report.pages - report.read,
        "broken": report.broken,
        "reasons": dict(report.rejected),
        "seconds": round(seconds, 1),
    }
