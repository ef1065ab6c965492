"""What a command has found, for a person or as JSON."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.cli.output import plain, silence, write_line
from pipeline.jobs.collect import CollectReport
from pipeline.jobs.digest import DigestReport
from pipeline.model import ArchivedArticle, Outcome, Source, Topic
from pipeline.store.figures import FeedHealth
from pipeline.store.intake import Poll

#: Characters; about what a wide screen shows of a log.
_LOG_WIDTH = 200

#: What an excerpt of an article may quote, characters.
_EXCERPT = 160


def print_json(values: Mapping[str, object]) -> None:
    """Print one JSON object on one line."""
    write_line(json.dumps(values, ensure_ascii=False, default=str))


def print_line(text: str) -> None:
    """Print a text; what could steer the terminal is shown as a replacement character."""
    write_line(plain(text))


class _Console(Console):
    def on_broken_pipe(self) -> None:
        silence(sys.stdout)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows of texts under their columns; nothing in them is markup."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        right = column in {"addresses", "articles", "entries", "failures", "new"}
        table.add_column(column, overflow="fold", justify="right" if right else "left")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    # A terminal folds at its own width; in a log a line is better long than broken.
    _Console(width=None if sys.stdout.isatty() else _LOG_WIDTH).print(table)


def collect_figures(report: CollectReport) -> dict[str, object]:
    """Return the outcome counts of a run; the outcomes add up to ``addresses``."""
    outcomes = {outcome.value: report.outcomes.get(outcome, 0) for outcome in Outcome}
    return {
        "feeds": report.feeds_polled,
        "feeds_failed": len(report.feeds_failed),
        "addresses": sum(outcomes.values()),
        **outcomes,
        "reasons": dict(report.reasons),
    }


def print_collected(report: CollectReport) -> None:
    """Print how the addresses of a run ended and which feeds failed."""
    rows = [(outcome.value, n) for outcome, n in report.outcomes.items() if n]
    seen = sum(report.outcomes.values())
    print_line(
        f"{report.feeds_polled} feeds polled, {len(report.feeds_failed)} failed; "
        f"{seen} addresses seen"
    )
    if rows:
        print_table(("outcome", "addresses"), rows)
    if report.reasons:
        print_table(("reason", "addresses"), report.reasons.items())
    if report.feeds_failed:
        print_table(("feed that failed", "why"), report.feeds_failed.items())


def print_digest(report: DigestReport) -> None:
    """Print a digest's headline and where it lies."""
    print_line(f"{report.week}: {report.headline}")
    for file in report.files:
        print_line(f"  {file}")


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
                "yes" if source.enabled else "no",
                "\n".join(f"{feed.kind.value} {feed.url}" for feed in source.feeds),
            )
            for source in sources
        ),
    )


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


def print_health(feeds: Iterable[FeedHealth], *, now: datetime) -> None:
    """Print what was last got from each feed, the failing first."""
    ordered = sorted(feeds, key=lambda one: (not one.enabled, -one.failures, one.source_id))
    print_table(
        ("source", "feed", "last answer", "last new entry", "failures", "why", "articles"),
        (
            (
                one.source_id if one.enabled else f"{one.source_id} (not polled)",
                one.url,
                _ago(one.succeeded_at, now),
                _ago(one.new_entry_at, now),
                one.failures or "",
                one.failure or "",
                one.articles,
            )
            for one in ordered
        ),
    )


def print_found(count: int, found: Sequence[ArchivedArticle], topic: Topic) -> None:
    """Print the articles that a search has found, the newest first."""
    more = f", the newest {len(found)} shown" if count > len(found) else ""
    print_line(f"{count} {'article' if count == 1 else 'articles'}{more}")
    for one in found:
        day = one.published_at.astimezone(topic.zone).date()
        language = one.article.language or "?"
        print_line(f"\n{day}  {one.source.name} ({one.source.publisher.value}, {language})")
        print_line(f"  {one.article.title}")
        print_line(f"  {one.article.url}")
        print_line(f"  {_excerpt(one.article.text)}")


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1].rpartition(" ")[0] + " …"


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    past = now - moment
    if past < timedelta(hours=1):
        return f"{max(0, int(past.total_seconds() // 60))} min ago"
    if past < timedelta(days=2):
        return f"{int(past.total_seconds() // 3600)} h ago"
    return f"{past.days} days ago"
