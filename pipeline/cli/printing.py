"""What a command has found, for a person or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.cli.output import plain, write_line
from pipeline.model import ArchivedArticle, FeedEntry, Outcome, Source, Topic

if TYPE_CHECKING:  # a command starts in half the time without the other commands' jobs
    from pipeline.discovery import Answer
    from pipeline.jobs.collect import CollectReport
    from pipeline.jobs.curate import CurateReport
    from pipeline.jobs.digest import DigestReport, WrittenReport
    from pipeline.jobs.discover import Discovery
    from pipeline.jobs.reports import OverviewReport
    from pipeline.jobs.rereading import RereadReport
    from pipeline.profiles import Described
    from pipeline.store.figures import FeedHealth
    from pipeline.store.polls import Poll

#: Characters; about what a wide screen shows of a log.
_LOG_WIDTH = 200

#: What an excerpt of an article may quote, characters.
_EXCERPT = 160

#: Entries of a new feed that are shown: enough to see what it is about.
_NEWEST = 5


def print_json(values: Mapping[str, object]) -> None:
    """Print one JSON object on one line."""
    write_line(json.dumps(values, ensure_ascii=False, default=str))


def print_line(text: str) -> None:
    """Print a text; what could steer the terminal is shown as a replacement character."""
    write_line(plain(text))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows of texts under their columns; nothing in them is markup."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        right = column in {"addresses", "articles", "entries", "failures", "new", "pages"}
        table.add_column(column, overflow="fold", justify="right" if right else "left")
    for row in rows:
        table.add_row(*(escape(plain(str(cell))) for cell in row))
    # A terminal folds at its own width; in a log a line is better long than broken.
    console = Console(width=None if sys.stdout.isatty() else _LOG_WIDTH)
    with console.capture() as printed:  # it has a way of its own with readers that have gone
        console.print(table)
    write_line(printed.get().removesuffix("\n"))


def collect_figures(report: CollectReport) -> dict[str, object]:
    """Return the figures of a run; the outcomes add up to ``addresses``."""
    return {
        "feeds": report.feeds_polled,
        "feeds_failed": len(report.feeds_failed),
        "feeds_resting": report.feeds_resting,
        "line_down": report.line_down,
        **outcome_figures(report.outcomes, report.reasons),
    }


def outcome_figures(
    outcomes: Mapping[Outcome, int], reasons: Mapping[str, int]
) -> dict[str, object]:
    """Return every outcome with its count, their sum as ``addresses``, and the reasons."""
    counts = {outcome.value: outcomes.get(outcome, 0) for outcome in Outcome}
    return {"addresses": sum(counts.values()), **counts, "reasons": dict(reasons)}


def print_outcomes(outcomes: Mapping[Outcome, int], reasons: Mapping[str, int]) -> None:
    """Print how addresses ended, and why, as far as there is anything to print."""
    for column, counts in (("outcome", outcomes), ("reason", reasons)):
        if rows := [(str(name), number) for name, number in counts.items() if number]:
            print_table((column, "addresses"), rows)


def print_collected(report: CollectReport) -> None:
    """Print how the addresses of a run ended and which feeds failed."""
    seen = sum(report.outcomes.values())
    resting = f", {report.feeds_resting} at rest" if report.feeds_resting else ""
    print_line(
        f"{report.feeds_polled} feeds polled, {len(report.feeds_failed)} failed{resting}; "
        f"{seen} addresses seen"
    )
    if report.line_down:
        print_line("most hosts did not answer: the line seems to be down, and no source is blamed")
    print_outcomes(report.outcomes, report.reasons)
    if report.feeds_failed:
        print_table(("feed that failed", "why"), report.feeds_failed.items())


def print_curated(report: CurateReport) -> None:
    """Print how many articles found their place, and how many a model has judged."""
    learned = f"; {report.rescored} judged from your labels" if report.rescored else ""
    print_line(f"{report.curated} articles curated, {report.copies} of them copies{learned}")


def print_digest(report: DigestReport) -> None:
    """Print a digest's headline and where it lies."""
    revision = f" (revision {report.revision})" if report.revision > 1 else ""
    print_line(f"{report.week}: {report.headline}{revision}")
    for file in report.files:
        print_line(f"  {file}")
    if report.damaged:
        print_line(
            f"what stood there could not be read and is kept as {report.damaged}; "
            "the revisions in it are not carried on"
        )


def print_digests(written: WrittenReport) -> None:
    """Print the digests that were written, and what is wrong with others in their folder."""
    for report in written.digests:
        print_digest(report)
    print_overview(written.overview)


def print_overview(report: OverviewReport) -> None:
    """Print which of the folder's digests could not be read."""
    for file in report.unread:
        print_line(f"{file} cannot be read as a digest; `--week {file.stem}` writes it anew")


def print_sources(sources: Iterable[Source]) -> None:
    """Print the sources of sources.yaml."""
    print_table(
        ("id", "name", "publisher", "country", "languages", "polled", "feeds"),
        (
            (
                source.id,
                source.name,
                source.publisher.value,
                source.country or "",
                " ".join(source.languages),
                _polled(source),
                "\n".join(f"{feed.kind.value} {feed.url}" for feed in source.feeds),
            )
            for source in sources
        ),
    )


def _polled(source: Source) -> str:
    if not source.enabled:
        return "no"
    return "yes" if source.verify_tls else "yes, certificate not checked"


def print_checked(polls: Iterable[Poll]) -> None:
    """Print what each feed answered."""
    print_table(
        ("source", "feed", "answer", "entries", "newest"),
        (
            (
                poll.state.source.id,
                poll.state.feed.url,
                _answer(poll),
                len(poll.reading.entries),
                next((entry.title for entry in poll.reading.entries), ""),
            )
            for poll in polls
        ),
    )


def _answer(poll: Poll) -> str:
    return poll.failure or ("ok, but cut short" if poll.reading.truncated else "ok")


def print_health(feeds: Sequence[FeedHealth], *, now: datetime) -> None:
    """Print what was last got from each feed, the failing first, and what is to be known of it."""
    ordered = sorted(feeds, key=lambda one: (not one.enabled, -one.failures, one.source_id))
    print_table(
        ("source", "feed", "last answer", "last new entry", "asked every", "failures", "articles"),
        (
            (
                one.source_id if one.enabled else f"{one.source_id} (not polled)",
                one.url,
                _ago(one.succeeded_at, now),
                _ago(one.new_entry_at, now),
                _span(timedelta(seconds=one.interval)) if one.interval else "",
                one.failures or "",
                one.articles,
            )
            for one in ordered
        ),
    )
    noted = [(one, list(_remarks(one, now))) for one in ordered if one.enabled]
    for one, remarks in noted:
        for remark in remarks:
            print_line(f"{one.source_id}: {remark}")


#: A feed of a newspaper that is silent for longer has mostly moved.
SILENT_AFTER = timedelta(days=30)


def _remarks(one: FeedHealth, now: datetime) -> Iterator[str]:
    """Say what the operator may want to act on."""
    if one.failure:
        yield f"{one.url} failed: {one.failure}"
    if one.held_until and one.held_until > now:
        yield f"its host asked for a pause until {one.held_until:%Y-%m-%d %H:%M} UTC"
    if one.new_entry_at and now - one.new_entry_at > SILENT_AFTER:
        yield (
            f"{one.url} has brought nothing new since {one.new_entry_at:%Y-%m-%d}: is it still "
            "the right address?"
        )
    if one.gap_at and now - one.gap_at < SILENT_AFTER:
        yield (
            f"{one.url} had a gap {_ago(one.gap_at, now)}, {_times(one.gaps)} so far: nothing of "
            "the poll before was left in it, so articles may be missing"
        )
    if one.moved_to and one.moved_at:
        yield (
            f"{one.url} says since {one.moved_at:%Y-%m-%d} that it has moved to {one.moved_to}: "
            "put that into sources.yaml if it is right"
        )
    if one.refusals:
        yield f"robots.txt forbade {one.refusals} of its addresses in the last week of runs"
    if not one.verify_tls:
        yield "its certificate is not checked (verify_tls: false)"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def print_reread(report: RereadReport) -> None:
    """Print what reading the kept pages again came to."""
    print_table(
        ("kept pages", "pages"), ((kind.value, number) for kind, number in report.counts.items())
    )
    for what in report.damaged:
        print_line(what)


def print_found(count: int, found: Sequence[ArchivedArticle], topic: Topic) -> None:
    """Print the articles that a search has found, the newest first."""
    more = f", the newest {len(found)} shown" if count > len(found) else ""
    print_line(f"{count} {'article' if count == 1 else 'articles'}{more}")
    for one in found:
        day = one.published_at.astimezone(topic.zone).date()
        language = one.article.language or "?"
        print_line(
            f"\n{one.id}  {day}  {one.source.name} ({one.source.publisher.value}, {language})"
        )
        print_line(f"  {one.article.title}")
        print_line(f"  {one.article.url}")
        print_line(f"  {_excerpt(one.article.text)}")


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1].rpartition(" ")[0] + " …"


def print_described(
    described: Described, discovery: Discovery, *, now: datetime, to: TextIO
) -> None:
    """Print what was found of a new outlet, and how; its moments are in its own time zone."""
    source = described.source
    values = {
        "id": source.id,
        "name": source.name,
        "publisher": source.publisher.value,
        "country": source.country or "",
        "languages": ", ".join(source.languages),
        "time_zone": source.time_zone,
    }
    lines = [
        f"{key:<11}{values[key]} ({how})" if values[key] else f"{key:<11}{how}"
        for key, how in described.found.items()
    ]
    zone = ZoneInfo(source.time_zone)
    for answer in discovery.chosen:
        lines += [f"{answer.kind:<11}{_told(answer, now)}", *_newest(answer, zone)]
    if discovery.others:
        lines += ["not taken; --feed URL picks:"]
        lines += [f"  {answer.kind} {_told(answer, now)}" for answer in discovery.others]
    if discovery.unasked:
        lines += ["not asked:"]
        lines += [f"  {one.url} ({one.origin}) {one.title}" for one in discovery.unasked]
    for line in lines:
        write_line(plain(line), to=to)


def _told(answer: Answer, now: datetime) -> str:
    count = len(answer.reading.entries)
    told = (
        f"{answer.url} ({answer.candidate.origin}): {count} {'entry' if count == 1 else 'entries'}"
    )
    weakness = answer.weakness(now=now)
    return f"{told}; {weakness}" if weakness else told


def _newest(answer: Answer, zone: ZoneInfo) -> list[str]:
    entries = answer.reading.entries
    dated = sorted(
        ((entry.published_at, entry) for entry in entries if entry.published_at),
        key=lambda pair: pair[0],
        reverse=True,
    )
    lines = [f"{at.astimezone(zone):%Y-%m-%d %H:%M}  {_headline(entry)}" for at, entry in dated]
    lines += [f"{'no moment':<18}{_headline(entry)}" for entry in entries if not entry.published_at]
    return [f"  {line}" for line in lines[:_NEWEST]]


def _headline(entry: FeedEntry) -> str:
    return _excerpt(entry.title) or entry.url


def print_tried(discovery: Discovery, *, now: datetime) -> None:
    """Print what was asked in vain for the feed of an outlet, and what it answered."""
    print_line(f"no feed, no sitemap and no list of articles found at {discovery.page_url}")
    print_table(
        ("asked for", "as", "answer"),
        (
            (one.candidate.url, one.candidate.origin, one.weakness(now=now))
            for one in discovery.answers
        ),
    )


def _ago(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{_span(now - moment)} ago"


def _span(span: timedelta) -> str:
    if span < timedelta(hours=1):
        return f"{max(0, int(span.total_seconds() // 60))} min"
    if span < timedelta(days=2):
        return f"{int(span.total_seconds() // 3600)} h"
    return f"{span.days} days"
