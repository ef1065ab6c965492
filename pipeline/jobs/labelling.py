"""Labels: what a person says of an article, which counts from then on; and what it teaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pipeline.errors import ConfigError
from pipeline.jobs.judging import SEED, find_examples
from pipeline.learning import LearningReport, can_learn, measure, uncertainty
from pipeline.model import ArchivedArticle, Topic, Verdict
from pipeline.store import labels
from pipeline.store.articles import find_articles
from pipeline.store.database import Archive
from pipeline.store.labels import Label


@dataclass(frozen=True, slots=True)
class Relabelling:
    """An article before and after it was labelled, or its label taken back."""

    before: ArchivedArticle
    after: ArchivedArticle


def label_article(archive: Archive, number: int, verdict: Verdict, *, now: datetime) -> Relabelling:
    """Label an article; the verdict counts at once.

    Raises:
        ConfigError: there is no such article.
        StoreError: the archive cannot be written.
    """
    with archive.writing() as connection:
        before = _find(connection, number)
        labels.save_label(connection, number, Label(verdict, now))
        return Relabelling(before, _find(connection, number))


def remove_label(archive: Archive, number: int) -> Relabelling:
    """Take an article's label back, if it has one: the rules judge it again.

    Raises:
        ConfigError: there is no such article.
        StoreError: the archive cannot be written.
    """
    with archive.writing() as connection:
        before = _find(connection, number)
        if labels.find_label(connection, number) is None:
            return Relabelling(before, before)
        labels.remove_label(connection, number)
        return Relabelling(before, _find(connection, number))


def _find(connection: sa.Connection, number: int) -> ArchivedArticle:
    found = find_articles(connection, [number])
    if not found:
        raise ConfigError(f"no article {number}; `solidarity search` shows the numbers")
    return found[0]


def least_certain(archive: Archive) -> list[int]:
    """Return the numbers of the articles without a label, those first that teach most.

    Of articles of which the verdict is equally uncertain the newest come first.
    """
    with archive.reading() as connection:
        found = labels.find_unlabelled(connection)
    found.sort(key=lambda one: uncertainty(one[1]), reverse=True)
    return [number for number, _ in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsReport:
    """What the labels are, and how well they teach."""

    labels: Mapping[Verdict, int]
    measured: LearningReport | None  # None: there are too few to learn from

    @property
    def total(self) -> int:
        """How many labels there are."""
        return sum(self.labels.values())


def report_labels(archive: Archive, topic: Topic) -> LabelsReport:
    """Count the labels, and measure a model of them beside the rules, by cross-validation."""
    with archive.reading() as connection:
        counted = labels.count_labels(connection)
        examples = find_examples(connection)
    measured = measure(examples, topic, seed=SEED) if can_learn(examples) else None
    return LabelsReport(labels=counted, measured=measured)
