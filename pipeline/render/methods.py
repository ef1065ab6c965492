"""What the templates show of how a digest was made, and of what is therefore missing."""

from dataclasses import dataclass

from pipeline.digests import down_sources, most_first
from pipeline.model import ArticleLink, Digest, Outcome, Reason, Revision, SourceHealth
from pipeline.render.coverage import Row, rows
from pipeline.render.quotes import (
    NAME_LENGTH,
    SENTENCE_LENGTH,
    TITLE_LENGTH,
    Quote,
    clean,
    language_tag,
    visible,
    web_address,
)
from pipeline.render.writing import Writer
from pipeline.wording import Words

SOURCES_SHOWN = 12
ADDED_SHOWN = 6  # articles that came late, or went
REVISIONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class RevisionView:
    """What changed in one revision."""

    name: str
    as_of: str
    added: tuple[Quote, ...]
    added_left: int
    withdrawn: tuple[Quote, ...]
    withdrawn_left: int
    figures: tuple[tuple[str, str, str], ...]  # name, before, after


@dataclass(frozen=True, slots=True)
class MethodBox:
    """The part “how this was made”."""

    digest: Digest
    words: Words
    writer: Writer

    @property
    def sources(self) -> str:
        """How many were asked, failed, were silent."""
        method = self.digest.method
        return self.words.say(
            "method.sources_sub",
            asked=self.words.number(method.sources_asked),
            failing=self.words.number(len(method.failing)),
            silent=self.words.number(len(method.silent)),
        )

    @property
    def failing(self) -> tuple[tuple[str, str, str, str], ...]:
        """The worst first: name, failures of polls, last answer, reason."""
        worst = sorted(self.digest.method.failing, key=_severity)
        return tuple(self._failing(source) for source in worst[:SOURCES_SHOWN])

    def _failing(self, source: SourceHealth) -> tuple[str, str, str, str]:
        last = source.last_success_at
        return (
            visible(source.name, NAME_LENGTH),
            self.words.say(
                "method.of_polls",
                failures=self.words.number(source.failures),
                polls=self.words.number(source.polls),
            ),
            self.writer.moment(last) if last else self.words.say("method.never"),
            self._reason(source.reason, SENTENCE_LENGTH),
        )

    def _reason(self, reason: str, length: int) -> str:
        return clean(self.words.name("reasons", reason), length)

    @property
    def failing_left(self) -> int:
        """Sources with failed polls that are not shown."""
        return max(0, len(self.digest.method.failing) - SOURCES_SHOWN)

    @property
    def silent(self) -> tuple[str, ...]:
        """Sources that answered and had nothing new."""
        names = sorted(visible(s.name, NAME_LENGTH) for s in self.digest.method.silent)
        return tuple(names[:SOURCES_SHOWN])

    @property
    def silent_left(self) -> int:
        """Silent sources that are not shown."""
        return max(0, len(self.digest.method.silent) - SOURCES_SHOWN)

    @property
    def outcomes(self) -> tuple[Row, ...]:
        """Every outcome that occurred; what is short of the addresses seen is a row too."""
        method = self.digest.method
        named = [
            (self.words.name("outcomes", outcome), method.outcomes[outcome])
            for outcome in Outcome
            if method.outcomes.get(outcome)
        ]
        unfinished = method.addresses_seen - sum(method.outcomes.values())
        if unfinished:
            named.append((self.words.say("method.unfinished"), unfinished))
        return rows(self.words, named)

    @property
    def reasons(self) -> tuple[Row, ...]:
        """Why addresses were rejected or failed, the most frequent first."""
        counts = most_first(self.digest.method.reasons)
        return rows(self.words, [(self._reason(r, NAME_LENGTH) or "…", n) for r, n in counts])

    @property
    def missing(self) -> tuple[str, ...]:
        """What the digest cannot show, as far as that is known."""
        method, say = self.digest.method, self.words.count
        down = len(down_sources(method))
        shaky = len(method.failing) - down
        forbidden = method.reasons.get(Reason.ROBOTS, 0)
        failed = method.outcomes.get(Outcome.FAILED, 0)
        rejected = method.outcomes.get(Outcome.REJECTED, 0)
        lines = (
            ("missing.down", down),
            ("missing.shaky", shaky),
            ("missing.forbidden", forbidden),
            ("missing.failed", max(0, failed - forbidden)),
            ("missing.rejected", rejected),
        )
        found = [say(key, n) for key, n in lines if n]
        if not method.sources_asked:
            # A week of files alone: it has news, but nobody has looked whether that is all.
            key = "missing.unasked" if self.digest.stories else "health.unasked"
            found = [self.words.say(key), *found]
        return tuple(found) or (self.words.say("missing.nothing"),)

    @property
    def queries(self) -> tuple[tuple[str, str], ...]:
        """The query behind each number."""
        made_from = sorted(self.digest.made_from.items())
        return tuple((self.words.name("queries", clean(n)), clean(q)) for n, q in made_from)

    @property
    def week_span(self) -> str:
        """From when to when the week runs, and where."""
        days = self.digest.week.days
        return self.words.say(
            "method.week",
            first=self.writer.year_day(days[0]),
            last=self.writer.year_day(days[-1]),
            zone=self.writer.zone,
        )

    # revisions

    @property
    def revisions(self) -> tuple[RevisionView, ...]:
        """What changed since the week was published, the latest first."""
        latest = self.digest.revisions[: -REVISIONS_SHOWN - 1 : -1]
        return tuple(self._revision(revision) for revision in latest)

    @property
    def revisions_left(self) -> int:
        """Revisions that are not shown."""
        return max(0, len(self.digest.revisions) - REVISIONS_SHOWN)

    def _revision(self, revision: Revision) -> RevisionView:
        return RevisionView(
            name=self.words.say("revision.name", number=str(revision.number)),
            as_of=self.writer.moment(revision.as_of),
            added=tuple(map(_linked, revision.added[:ADDED_SHOWN])),
            added_left=max(0, len(revision.added) - ADDED_SHOWN),
            withdrawn=tuple(map(_linked, revision.withdrawn[:ADDED_SHOWN])),
            withdrawn_left=max(0, len(revision.withdrawn) - ADDED_SHOWN),
            figures=tuple(
                (
                    self.words.name("figures", name),
                    self.words.number(before),
                    self.words.number(after),
                )
                for name, before, after in revision.figures
            ),
        )

    @property
    def changed(self) -> str:
        """The latest revision in one line; empty where there is none."""
        if not self.digest.revisions:
            return ""
        latest = self.digest.revisions[-1]
        links = (("revision.added", latest.added), ("revision.withdrawn", latest.withdrawn))
        articles = [self.words.count(key, len(found)) for key, found in links if found]
        figures = [
            self.words.say(
                "revision.figure",
                name=self.words.lowered(self.words.name("figures", name)),
                before=self.words.number(before),
                after=self.words.number(after),
            )
            for name, before, after in latest.figures
        ]
        return self.words.say(
            "revision.line",
            name=self.words.say("revision.name", number=str(latest.number)),
            changes=self.words.say("clauses").join(
                self.writer.listed(part) for part in (articles, figures) if part
            ),
        )


def _linked(link: ArticleLink) -> Quote:
    return Quote(
        text=visible(link.title, TITLE_LENGTH),
        language=language_tag(link.language),
        url=web_address(link.url),
        outlet=visible(link.outlet, NAME_LENGTH),
    )


def _severity(source: SourceHealth) -> tuple[float, str]:
    return -source.failures / max(1, source.polls), source.name
