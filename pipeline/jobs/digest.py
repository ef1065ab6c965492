"""A week of the archive → its digest, as files in the reports folder."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa

from pipeline import __version__
from pipeline.digests import (
    STORIES_TOLD,
    WeekCounts,
    WeekMaterial,
    by_coverage,
    compared_weeks,
    count_week,
    earlier_weeks,
    make_digest,
    season_spans,
)
from pipeline.disagreements import find_disagreements
from pipeline.jobs.recycling import find_week_recycled
from pipeline.jobs.reports import OverviewReport, PublishedReport, publish, write_overview
from pipeline.keywords import compare_terms
from pipeline.model import (
    ArchivedArticle,
    Digest,
    DuplicateGroup,
    Method,
    SeasonCounts,
    Story,
    Topic,
    Verdict,
    Week,
)
from pipeline.store import articles, figures
from pipeline.store.database import Archive
from pipeline.store.labels import last_label
from pipeline.store.runs import count_outcomes
from pipeline.stories import tell_stories
from pipeline.summaries import summarize
from pipeline.wording import load_words

#: Articles that the week's terms are compared with: the newest outside the week.
BASELINE = 2_000

#: Keywords given, and of those that the week lacks.
KEYWORDS = 20
FALLEN = 10

#: Sentences that tell a story.
SENTENCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """What was written for a week."""

    week: Week
    headline: str
    articles: int
    stories: int
    files: tuple[Path, ...]
    revision: int = 1  # 2 from the first change after it was published
    damaged: Path | None = None  # see `PublishedReport`


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenReport:
    """What was written for some weeks, and about all."""

    digests: tuple[DigestReport, ...]  # oldest week first
    newest: Digest  # the last of them, as it was written
    overview: OverviewReport


def write_digest(  # noqa: PLR0913 - what there is to choose, each by its name
    archive: Archive,
    week: Week,
    topic: Topic,
    *,
    sources_hash: str,
    reports: Path,
    language: str = "en",
) -> DigestReport:
    """Make the digest of ``week`` and write it as HTML, Markdown and JSON.

    A week that was published before and has changed since is a new revision of it, which
    says what changed. The folder's front page and feed are made anew.

    Raises:
        StoreError: the archive cannot be read or the files cannot be written.
        ConfigError: there are no words in ``language``.
    """
    written = write_digests(
        archive, [week], topic, sources_hash=sources_hash, reports=reports, language=language
    )
    return written.digests[0]


def write_digests(  # noqa: PLR0913 - likewise
    archive: Archive,
    weeks: Sequence[Week],
    topic: Topic,
    *,
    sources_hash: str,
    reports: Path,
    language: str = "en",
    show: Callable[[int, int, str], None] = lambda _done, _total, _week: None,
) -> WrittenReport:
    """Write the digests of ``weeks``, one at least, as `write_digest` does; the overview once.

    ``show`` is told how many weeks of how many are done, and which one was last.
    """
    load_words(language)  # before anything is written
    written = []
    newest = deque[Digest](maxlen=1)  # not all: each may hold thousands of articles
    for number, week in enumerate(weeks, 1):
        with archive.reading() as connection:
            digest = _Maker(connection, topic, sources_hash).make(week, language)
        published = publish(reports, digest)
        newest.append(published.digest)
        written.append(_report(published))
        show(number, len(weeks), str(week))
    return WrittenReport(
        digests=tuple(written),
        newest=newest.pop(),
        overview=write_overview(reports),
    )


def _report(published: PublishedReport) -> DigestReport:
    digest = published.digest
    return DigestReport(
        week=digest.week,
        headline=digest.headline,
        articles=digest.figures[0].value,
        stories=len(digest.stories),
        files=published.files,
        revision=digest.revisions[-1].number if digest.revisions else 1,
        damaged=published.damaged,
    )


class _Maker:
    """Reads from one state of the archive all that digests need."""

    def __init__(self, connection: sa.Connection, topic: Topic, sources_hash: str) -> None:
        self._connection = connection
        self._topic = topic
        self._sources_hash = sources_hash

    def make(self, week: Week, language: str) -> Digest:
        start, end = _span(week, self._topic)
        stories = sorted(self._stories(week), key=by_coverage)
        recycled = find_week_recycled(self._connection, stories, start, told=STORIES_TOLD)
        texts = [group.representative for story in stories for group in story.groups]
        baseline = articles.newest_outside(self._connection, start, end, most=BASELINE)
        last = figures.last_run(self._connection)
        material = WeekMaterial(
            stories=tuple(
                summarize(story, seen=recycled.seen, most=SENTENCES if n < STORIES_TOLD else 0)
                for n, story in enumerate(recycled.stories)
            ),
            mentions=tuple(
                articles.articles_published(self._connection, start, end, verdict=Verdict.MENTION)
            ),
            other_weeks=self._other_weeks(week),
            seasons=self._seasons(week),
            sample=recycled.sample,
            passages=recycled.shown,
            passages_seen=recycled.count,
            keywords=compare_terms(texts, baseline, most=KEYWORDS, fallen=FALLEN),
            disagreements=find_disagreements(
                [one for story in stories for one in story.articles], self._topic
            ),
            method=self._method(start, end),
            made_from=_queries(week, self._topic),
            last_run=figures.last_run_between(self._connection, start, end),
            last_label=last_label(self._connection, start, end),
            is_over=bool(last and last.started_at >= end),
            is_first=not figures.reaches_back(self._connection, start),
        )
        return make_digest(week, material, self._topic, language=language)

    def _stories(self, week: Week) -> tuple[Story, ...]:
        start, end = _span(week, self._topic)
        return tell_stories(_grouped(articles.articles_published(self._connection, start, end)))

    def _other_weeks(self, week: Week) -> dict[Week, WeekCounts]:
        """Count the weeks to compare with.

        One without an article in which nothing was asked is no zero, and is left out.
        """
        counted = {other: self._counts(other) for other in earlier_weeks(week, self._topic)}
        for other in compared_weeks(week, self._topic):
            counted[other] = count_week(self._stories(other))
        return {
            other: counts
            for other, counts in counted.items()
            if counts.articles or self._was_watched(other)
        }

    def _was_watched(self, week: Week) -> bool:
        start, end = _span(week, self._topic)
        return figures.was_watched(self._connection, start, end)

    def _counts(self, week: Week) -> WeekCounts:
        """Count a week without making its stories, which would cost as much as its digest."""
        start, end = _span(week, self._topic)
        return WeekCounts(**figures.count_week(self._connection, start, end))

    def _seasons(self, week: Week) -> tuple[SeasonCounts, ...]:
        return tuple(
            SeasonCounts(
                label=span.label,
                first=span.first,
                per_day=tuple(map(self._on, span.days)),
                is_whole=span.is_whole,
            )
            for span in season_spans(week, self._topic)
        )

    def _on(self, day: date) -> int:
        start, end = _bounds(day, self._topic)
        return figures.count_articles(self._connection, start, end)

    def _method(self, start: datetime, end: datetime) -> Method:
        runs = figures.runs_started(self._connection, start, end)
        health = figures.source_health(self._connection, runs)
        outcomes, reasons = count_outcomes(self._connection, runs)
        return Method(
            version=__version__,
            sources_hash=self._sources_hash,
            sources_asked=len(health),
            failing=tuple(one for one in health if one.failures),
            silent=tuple(one for one in health if not one.failures and not one.fresh),
            addresses_seen=sum(outcomes.values()),
            outcomes=outcomes,
            reasons=reasons,
        )


def _grouped(found: Sequence[ArchivedArticle]) -> list[DuplicateGroup]:
    """Group the articles of a span by their texts; the first of the span stands for each."""
    members: dict[int, list[ArchivedArticle]] = {}
    for article in found:
        members.setdefault(article.representative_id, []).append(article)
    return [
        DuplicateGroup(representative=group[0], members=tuple(group)) for group in members.values()
    ]


def _span(week: Week, topic: Topic) -> tuple[datetime, datetime]:
    """Return the first moment of a week, and the first after it, in the topic's zone."""
    return week.start(topic.zone), week.end(topic.zone)


def _bounds(day: date, topic: Topic) -> tuple[datetime, datetime]:
    """Return the first moment of a day, and the first after it, in the topic's zone."""
    after = day + timedelta(days=1)
    return (
        datetime.combine(day, time(), topic.zone).astimezone(UTC),
        datetime.combine(after, time(), topic.zone).astimezone(UTC),
    )


def _between(column: str, start: datetime, end: datetime) -> str:
    """Return the condition as SQL.

    The zone is for PostgreSQL; in SQLite, which compares texts, it changes nothing.
    """
    first, after = (
        moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S+00:00") for moment in (start, end)
    )
    return f"{column} >= '{first}' AND {column} < '{after}'"


def _queries(week: Week, topic: Topic) -> dict[str, str]:
    """Return for the week's numbers the SQL that gives each of them again.

    Stories have none: the program makes them of the articles.
    """
    start, end = _span(week, topic)
    here = _between("published_at", start, end)
    about, mention = (
        f"FROM article WHERE verdict = '{v}' AND {here}" for v in ("about", "mention")
    )
    runs = _between("run.started_at", start, end)
    days = ", ".join(
        f'count(*) FILTER (WHERE {_between("published_at", *_bounds(day, topic))}) AS "{day}"'
        for day in week.days
    )
    joined = "JOIN source ON source.id = source_id WHERE"
    tallied = f"FROM tally JOIN run ON run.id = tally.run_id WHERE {runs}"
    polled = (
        "FROM poll JOIN run ON run.id = poll.run_id JOIN feed ON feed.id = poll.feed_id "
        f"WHERE {runs}"
    )
    return {
        "articles": f"SELECT count(*) {about}",
        "texts": f"SELECT count(DISTINCT coalesce(representative_id, id)) {about}",
        "outlets": f"SELECT count(DISTINCT source_id) {about}",
        "languages": f"SELECT count(DISTINCT language) {about}",
        "mentions": f"SELECT count(*) {mention}",
        "per_day": f"SELECT {days} {about}",
        "per_publisher": f"SELECT source.publisher, count(*) {about.replace('WHERE', joined)} "
        "GROUP BY source.publisher",
        "per_language": f"SELECT language, count(*) {about} GROUP BY language",
        "sources_asked": f"SELECT count(DISTINCT feed.source_id) {polled}",
        "failing": f"SELECT feed.source_id, count(*) {polled} AND NOT poll.answered "
        "GROUP BY feed.source_id",
        "addresses_seen": f"SELECT coalesce(sum(addresses), 0) {tallied}",
        "outcomes": f"SELECT outcome, sum(addresses) {tallied} GROUP BY outcome",
        "reasons": f"SELECT reason, sum(addresses) {tallied} AND reason <> '' GROUP BY reason",
    }
