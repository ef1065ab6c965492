"""A week of the archive → its digest, as files in the reports folder."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from pipeline import __version__
from pipeline.digests import (
    WeekCounts,
    WeekMaterial,
    compared_weeks,
    count_week,
    make_digest,
    season_spans,
)
from pipeline.errors import StoreError
from pipeline.jobs.recycling import as_shown, first_articles
from pipeline.keywords import find_keywords
from pipeline.model import (
    ArchivedArticle,
    Digest,
    DuplicateGroup,
    Method,
    Passage,
    Story,
    Topic,
    Verdict,
    Week,
)
from pipeline.passages import KeyedPassage, find_passages, passage_prints
from pipeline.render import render_html, render_json, render_markdown
from pipeline.store import articles, figures
from pipeline.store.database import Archive
from pipeline.store.passages import SeenPassage, seen_before
from pipeline.store.runs import count_outcomes
from pipeline.stories import tell_stories
from pipeline.summaries import summarize

#: Articles that the week's terms are compared with: the newest outside the week.
BASELINE = 2_000

#: Passages shown: those that came back most often.
PASSAGES = 8

#: Keywords shown.
KEYWORDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """What was written for a week."""

    week: Week
    headline: str
    articles: int
    stories: int
    files: tuple[Path, ...]


def write_digest(
    archive: Archive, week: Week, topic: Topic, *, sources_hash: str, reports: Path
) -> DigestReport:
    """Make the digest of ``week`` and write it as HTML, Markdown and JSON.

    Raises:
        StoreError: the archive cannot be read or the files cannot be written.
    """
    with archive.reading() as connection:
        digest = _Maker(connection, topic, sources_hash).make(week)
    return DigestReport(
        week=week,
        headline=digest.headline,
        articles=digest.figures[0].value,
        stories=len(digest.stories),
        files=_write(reports, digest),
    )


def _write(reports: Path, digest: Digest) -> tuple[Path, ...]:
    renderings = {
        "html": render_html(digest),
        "md": render_markdown(digest),
        "json": render_json(digest),
    }
    files = []
    try:
        reports.mkdir(parents=True, exist_ok=True)
        for ending, text in renderings.items():
            path = reports / f"{digest.week}.{ending}"
            _replace(path, text)
            files.append(path)
    except OSError as error:
        raise StoreError(f"cannot write the digest in {reports}: {error}") from error
    return tuple(files)


def _replace(path: Path, text: str) -> None:
    """Put the whole new file in the place of the old one, or leave the old one."""
    draft = path.with_name(f".{path.name}.new")
    with draft.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


class _Maker:
    """Reads from one state of the archive all that digests need."""

    def __init__(self, connection: sa.Connection, topic: Topic, sources_hash: str) -> None:
        self._connection = connection
        self._topic = topic
        self._sources_hash = sources_hash
        self._begun = figures.first_run(connection)

    def make(self, week: Week) -> Digest:
        start, end = week.start(self._topic.zone), week.end(self._topic.zone)
        stories = self._stories(week)
        passages = {
            one.id: find_passages(one.article.text) for story in stories for one in story.articles
        }
        seen = self._seen_before(stories, passages, start)
        stories = _with_shares(stories, _seen_words(passages, seen))
        texts = [group.representative for story in stories for group in story.groups]
        material = WeekMaterial(
            stories=tuple(summarize(story, seen=seen) for story in stories),
            mentions=tuple(
                articles.articles_published(self._connection, start, end, verdict=Verdict.MENTION)
            ),
            other_weeks=self._other_weeks(week),
            seasons=self._seasons(week),
            passages=self._passages([p for one in texts for p in passages[one.id]], seen),
            keywords=find_keywords(
                texts,
                articles.newest_outside(self._connection, start, end, most=BASELINE),
                most=KEYWORDS,
            ),
            method=self._method(start, end),
            made_from=_queries(start, end),
        )
        return make_digest(week, material, self._topic)

    def _stories(self, week: Week) -> tuple[Story, ...]:
        start, end = week.start(self._topic.zone), week.end(self._topic.zone)
        return tell_stories(_grouped(articles.articles_published(self._connection, start, end)))

    def _seen_before(
        self,
        stories: Iterable[Story],
        passages: Mapping[int, Sequence[KeyedPassage]],
        start: datetime,
    ) -> dict[int, SeenPassage]:
        """Return the passages printed before ``start``, by others than copies of these texts."""
        every = [one for found in passages.values() for one in found]
        copied = {
            group.representative.representative_id for story in stories for group in story.groups
        }
        return seen_before(self._connection, passage_prints(every), start, groups=copied)

    def _other_weeks(self, week: Week) -> dict[Week, WeekCounts]:
        """Count the weeks to compare with; one that the archive does not know is left out."""
        counted = {
            other: count_week(self._stories(other)) for other in compared_weeks(week, self._topic)
        }
        return {
            other: counts
            for other, counts in counted.items()
            if counts.articles or (self._begun and self._begun < other.end(self._topic.zone))
        }

    def _seasons(self, week: Week) -> tuple[tuple[str, int], ...]:
        zone = self._topic.zone
        counts = []
        for span in season_spans(week, self._topic):
            first = datetime.combine(span.first, datetime.min.time(), zone)
            after = datetime.combine(span.last + timedelta(days=1), datetime.min.time(), zone)
            counts.append((span.label, figures.count_articles(self._connection, first, after)))
        return tuple(counts)

    def _passages(
        self, passages: Iterable[KeyedPassage], seen: Mapping[int, SeenPassage]
    ) -> tuple[Passage, ...]:
        """Return those seen most often, each in the wording of the first text that has it."""
        wording: dict[int, str] = {}
        for passage in passages:
            if passage.key in seen:
                wording.setdefault(passage.key, passage.text)
        shown: list[SeenPassage] = []
        for one in sorted((seen[key] for key in wording), key=lambda one: (-one.times, one.key)):
            # Two wordings of one passage are shown once.
            if len(shown) < PASSAGES and all(
                set(one.wordings).isdisjoint(other.wordings) for other in shown
            ):
                shown.append(one)
        firsts = first_articles(self._connection, {one.key: one for one in shown})
        return tuple(as_shown(one, wording[one.key], firsts[one.first_id]) for one in shown)

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


def _seen_words(
    passages: Mapping[int, Sequence[KeyedPassage]], seen: Mapping[int, SeenPassage]
) -> dict[int, int]:
    """Return for each article how many of its words were printed before."""
    return {
        number: sum(one.words for one in found if one.key in seen)
        for number, found in passages.items()
    }


def _grouped(found: Sequence[ArchivedArticle]) -> list[DuplicateGroup]:
    """Group the articles of a span by their texts; the first of the span stands for each."""
    members: dict[int, list[ArchivedArticle]] = {}
    for article in found:
        members.setdefault(article.representative_id, []).append(article)
    return [
        DuplicateGroup(representative=group[0], members=tuple(group)) for group in members.values()
    ]


def _with_shares(stories: Iterable[Story], seen_words: dict[int, int]) -> tuple[Story, ...]:
    return tuple(
        Story(groups=tuple(_with_share(group, seen_words) for group in story.groups))
        for story in stories
    )


def _with_share(group: DuplicateGroup, seen_words: dict[int, int]) -> DuplicateGroup:
    members = tuple(
        replace(
            member,
            share_seen_before=min(1.0, seen_words.get(member.id, 0) / max(1, member.words)),
        )
        for member in group.members
    )
    return DuplicateGroup(representative=members[0], members=members)


def _queries(start: datetime, end: datetime) -> dict[str, str]:
    """Return for the week's numbers the SQL that gives each of them again.

    The zone is for PostgreSQL; in SQLite, which compares texts, it changes nothing.
    """

    def written(moment: datetime) -> str:
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")

    about = (
        f"FROM article WHERE verdict = 'about' AND published_at >= '{written(start)}' "
        f"AND published_at < '{written(end)}'"
    )
    return {
        "articles": f"SELECT count(*) {about}",
        "texts": f"SELECT count(DISTINCT coalesce(representative_id, id)) {about}",
        "outlets": f"SELECT count(DISTINCT source_id) {about}",
        "languages": f"SELECT count(DISTINCT language) {about}",
    }
